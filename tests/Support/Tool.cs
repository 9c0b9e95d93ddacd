using System.Diagnostics;

namespace FinVault.Tests.Support;

/// <summary>Runs another program to its end and returns what it printed.</summary>
public static class Tool
{
    /// <param name="ExitCode">0 when the program succeeded.</param>
    /// <param name="Output">Standard output.</param>
    /// <param name="Error">Standard error.</param>
    public sealed record Result(int ExitCode, string Output, string Error);

    /// <summary>Runs a program in the repository's root; kills it when it outlasts the limit.</summary>
    public static async Task<Result> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"'{program}' did not start.");
        process.StandardInput.Close();
        using CancellationTokenSource overdue = new(limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(overdue.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(overdue.Token);
            await process.WaitForExitAsync(overdue.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{program} {string.Join(' ', start.ArgumentList)}' ran longer than {limit}.");
        }
    }
}
