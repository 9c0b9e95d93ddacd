using System.Diagnostics;
using FinVault.Local.Hosting;
using FinVault.Platform.Jobs;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Platform.Jobs;

/// <summary>A job whose process is killed while it is done is done after all by the next one.</summary>
public sealed class KilledJobTests
{
    [Fact]
    public async Task Job_WhoseProcessIsKilledAtItsFirstTry_IsCompletedByTheNextProcess()
    {
        string folder = Directory.CreateTempSubdirectory("finvault-killed-").FullName;
        using (ChildProcess dying = ChildProcess.Start<JobHost>(folder))
        {
            Assert.StartsWith("JOB_", await LineAsync(dying), StringComparison.Ordinal);
            Assert.Null(await LineAsync(dying));
        }

        using (ChildProcess living = ChildProcess.Start<JobHost>(folder))
        {
            string id = await LineAsync(living) ?? "";
            Assert.Equal($"{id} completed after 2", await LineAsync(living));
            await living.KillAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string?> LineAsync(ChildProcess process)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        return await process.ReadLineAsync(limit.Token);
    }
}

/// <summary>Starts one job, by an id that is always the same, whose handler kills the first process that runs it.</summary>
internal sealed class JobHost : IChildProgram
{
    public async Task RunAsync(string[] args)
    {
        await using LocalHost host = await LocalHost.StartAsync(AppHost.Defaults with
        {
            Data = args[0],
            Configure = services => services.AddSingleton<IJobHandler>(new Killer(Path.Combine(args[0], "tries.txt"))),
        });
        FinVault.Platform.Jobs.Jobs jobs = host.Services.GetRequiredService<FinVault.Platform.Jobs.Jobs>();
        string id = FinVault.Platform.Jobs.Jobs.IdOf(DateTimeOffset.UnixEpoch, "killed");
        Console.WriteLine(id);
        await jobs.StartAsync("KILL", "", new { }, default, id);
        JobView job;
        while ((job = await jobs.ReadAsync(id, null, default)).Status != JobState.Completed)
        {
            await Task.Delay(10);
        }

        Console.WriteLine($"{id} completed after {job.Result!.Value.GetProperty("tries").GetInt32()}");
        await Task.Delay(Timeout.Infinite);
    }

    private sealed class Killer(string file) : IJobHandler
    {
        public string Kind => "KILL";

        public async Task<JobOutcome> RunAsync(JobRun job, CancellationToken cancellationToken)
        {
            await File.AppendAllTextAsync(file, "x", cancellationToken);
            int tries = (await File.ReadAllTextAsync(file, cancellationToken)).Length;
            if (tries == 1)
            {
                using Process self = Process.GetCurrentProcess();
                self.Kill();
                self.WaitForExit();
            }

            return JobOutcome.Done(new { Tries = tries });
        }
    }
}
