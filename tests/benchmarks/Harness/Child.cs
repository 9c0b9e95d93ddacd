using System.Diagnostics;
using System.Globalization;

namespace FinVault.Benchmarks.Harness;

/// <summary>
/// A process of this program, pinned to a core. It is asked a line on its standard input and answers a line; lines that
/// start with "progress" come before an answer.
/// </summary>
internal sealed class Child : IAsyncDisposable
{
    public const int ServerCore = 0;
    public const int LoadCore = 1;
    private const string ProgressMark = "progress ";

    private readonly Process _process;
    private readonly string _name;

    private Child(Process process, string name) => (_process, _name) = (process, name);

    public int Id => _process.Id;

    public static Child Start(int core, string name, params string[] arguments)
    {
        List<string> command = [Environment.ProcessPath!];
        if (Path.GetFileNameWithoutExtension(command[0]) == "dotnet")
        {
            command.Add(typeof(Child).Assembly.Location);
        }

        // taskset becomes the program, so that the process id is the program's.
        if (Environment.ProcessorCount > core && Places.Program("taskset") is { } taskset)
        {
            command.InsertRange(0, [taskset, "-c", core.ToString(CultureInfo.InvariantCulture)]);
        }
        else
        {
            Console.Error.WriteLine($"{name} is not pinned to core {core}: no 'taskset', or no such core.");
        }

        ProcessStartInfo start = new(command[0], [.. command[1..], name, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (core == LoadCore)
        {
            // The load generator has one core: its reads end on the thread that found them ready.
            start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        }

        return new Child(Process.Start(start)!, name);
    }

    /// <summary>For a child: tells how far it is.</summary>
    public static void Tell(double share) =>
        Console.WriteLine(ProgressMark + share.ToString("F3", CultureInfo.InvariantCulture));

    /// <summary>
    /// For a child: what it is asked next; null at the end. Reading the console blocks a thread, and on one core the
    /// pool has
    /// only one.
    /// </summary>
    public static Task<string?> NextAsync() => Task.Factory.StartNew(
        Console.In.ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public async Task<string> AskAsync(string question, Progress? progress = null)
    {
        await _process.StandardInput.WriteLineAsync(question);
        return await AnswerAsync(progress);
    }

    /// <exception cref="InvalidOperationException">The process ended without an answer.</exception>
    public async Task<string> AnswerAsync(Progress? progress = null)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(ProgressMark, StringComparison.Ordinal))
            {
                return line;
            }

            progress?.Report(double.Parse(line.AsSpan(ProgressMark.Length), CultureInfo.InvariantCulture));
        }

        throw new InvalidOperationException($"{_name} ended without an answer; its last words are above.");
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its input tells it to stop.
        _process.StandardInput.Close();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
