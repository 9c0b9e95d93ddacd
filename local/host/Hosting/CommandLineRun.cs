using System.Runtime.InteropServices;

namespace FinVault.Local.Hosting;

/// <summary>One run of the local host from a shell: until Ctrl-C, or until it cannot go on. Answers the exit code.</summary>
public static class CommandLineRun
{
    public static async Task<int> RunAsync(LocalHostOptions options)
    {
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        try
        {
            await using LocalHost host = await LocalHost.StartAsync(options, stop.Token);
            var stopped = new TaskCompletionSource();
            using CancellationTokenRegistration signalled = stop.Token.Register(stopped.SetResult);
            await Task.WhenAny(host.Feeding, stopped.Task);
            if (!host.Feeding.IsFaulted)
            {
                await stopped.Task;
            }

            Console.WriteLine("Stopping: finishing what runs …");
            await host.StopAsync();
            Console.WriteLine("Stopped.");
            if (host.Feeding is { IsFaulted: true, Exception.InnerException: { } reason })
            {
                await Console.Error.WriteLineAsync(reason.Message);
                return 1;
            }

            return 0;
        }
        catch (StartupException wrong)
        {
            foreach (string problem in wrong.Problems)
            {
                await Console.Error.WriteLineAsync(problem);
            }

            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }

        void OnSignal(PosixSignalContext signal)
        {
            // The second Ctrl-C is meant: let the runtime end the process.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}
