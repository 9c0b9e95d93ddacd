using System.Diagnostics;

namespace FinVault.Tests.Support;

/// <summary>A part of a test that runs in a process of its own, so that it can be killed.</summary>
public interface IChildProgram
{
    Task RunAsync(string[] args);
}

/// <summary>The test assembly started as a program, running one <see cref="IChildProgram"/>.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process process;
    private bool disposed;

    private ChildProcess(Process process) => this.process = process;

    public static ChildProcess Start<T>(params string[] args)
        where T : IChildProgram
    {
        string dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? Environment.ProcessPath!
            : "dotnet";
        ProcessStartInfo info = new(dotnet) { RedirectStandardOutput = true };
        foreach (string arg in (string[])["exec", typeof(T).Assembly.Location, typeof(T).FullName!, .. args])
        {
            info.ArgumentList.Add(arg);
        }

        return new(Process.Start(info)!);
    }

    /// <summary>The next line that the child writes; null at its end.</summary>
    public Task<string?> ReadLineAsync(CancellationToken cancellation) =>
        process.StandardOutput.ReadLineAsync(cancellation).AsTask();

    /// <summary>As <c>kill -9</c>: nothing in the child runs any more.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Kills it, if it still runs: no test leaves a process behind.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }
}

/// <summary>Where the assembly begins when it is started as a program.</summary>
internal static class ChildProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args.Length == 0 || typeof(ChildProgram).Assembly.GetType(args[0]) is not { } type
            || !typeof(IChildProgram).IsAssignableFrom(type))
        {
            await Console.Error.WriteLineAsync("Tests run with 'dotnet test'; as a program this runs parts of tests.");
            return 2;
        }

        await ((IChildProgram)Activator.CreateInstance(type)!).RunAsync(args[1..]);
        return 0;
    }
}
