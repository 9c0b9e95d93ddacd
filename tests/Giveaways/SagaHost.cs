using System.Diagnostics;
using FinVault.Giveaways;
using FinVault.Local.Hosting;
using FinVault.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Tests.Giveaways;

/// <summary>
/// FinVault in a process of its own that kills itself once before and once after each of the named functions, and goes
/// on where it stood when it is started again.
/// </summary>
internal sealed class SagaHost : IChildProgram
{
    private const string Mark = "listening ";
    private const string Killed = "killed.txt";

    public async Task RunAsync(string[] args)
    {
        HashSet<string> victims = [.. args[1].Split(',', StringSplitOptions.RemoveEmptyEntries)];
        string log = Path.Combine(Path.GetDirectoryName(args[0])!, Killed);
        await using LocalHost host = await LocalHost.StartAsync(Options(args[0]) with
        {
            App = (worker, configuration) =>
            {
                worker.AddFinVault(configuration);
                worker.Use(next => context => KillAroundAsync(victims, log, context, next));
            },
        });
        if (args.Length > 2 && await host.Durable.Client.GetInstanceAsync(args[2]) is null)
        {
            await host.Durable.Client.ScheduleNewOrchestrationInstanceAsync(
                nameof(LifecycleFunctions.GiveawayLifecycle), args[2], new StartOrchestrationOptions(args[2]));
        }

        Console.WriteLine(Mark + host.BaseAddress);
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>The same options for every life, and for the host that a test looks at the folder with.</summary>
    public static LocalHostOptions Options(string folder) => AppHost.Defaults with
    {
        Data = folder, Settings = GiveawayApp.Settings(), FunctionTypes = GiveawayApp.Functions,
    };

    /// <summary>Starts it over a folder.</summary>
    public static async Task<(ChildProcess Process, Uri Address)> StartAsync(string folder, params string[] victims)
    {
        ChildProcess process = ChildProcess.Start<SagaHost>(folder, string.Join(',', victims));
        try
        {
            using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
            while (await process.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(Mark, StringComparison.Ordinal))
                {
                    return (process, new Uri(line[Mark.Length..]));
                }
            }

            throw new InvalidOperationException("The host ended before it listened.");
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Starts it again and again until it was killed at every point; the next life will end what they began.
    /// </summary>
    /// <param name="folder">Where its state is kept.</param>
    /// <param name="starting">A giveaway whose lifecycle the first life starts; null where one runs.</param>
    /// <param name="victims">The functions before and after which it dies.</param>
    public static async Task LiveAndDieAsync(string folder, string? starting, params string[] victims)
    {
        string[] arguments = [folder, string.Join(',', victims), .. starting is null ? [] : new[] { starting }];
        int points = victims.Length * 2;
        string log = Path.Combine(Path.GetDirectoryName(folder)!, Killed);
        while (!File.Exists(log) || (await File.ReadAllLinesAsync(log)).Length < points)
        {
            using ChildProcess process = ChildProcess.Start<SagaHost>(arguments);
            using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
            Task<string?> line = process.ReadLineAsync(default);
            while (await Task.WhenAny(line, Task.Delay(Timeout.Infinite, limit.Token)) == line && await line is not null)
            {
                line = process.ReadLineAsync(default);
            }

            string died = File.Exists(log) ? await File.ReadAllTextAsync(log) : "nothing";
            Assert.False(limit.IsCancellationRequested, $"It does not die any more, and died at: {died}");
        }
    }

    private static async Task KillAroundAsync(
        HashSet<string> victims, string log, FunctionContext context, FunctionExecutionDelegate next)
    {
        string name = context.FunctionDefinition.Name;
        bool marked = victims.Contains(name);
        if (marked)
        {
            KillOnce(log, $"before {name}");
        }

        await next(context);
        if (marked)
        {
            KillOnce(log, $"after {name}");
        }
    }

    private static readonly Lock Gate = new();

    private static void KillOnce(string log, string point)
    {
        lock (Gate)
        {
            if (File.Exists(log) && File.ReadAllLines(log).Contains(point))
            {
                return;
            }

            File.AppendAllLines(log, [point]);
            using Process self = Process.GetCurrentProcess();
            self.Kill();
            self.WaitForExit();
        }
    }
}
