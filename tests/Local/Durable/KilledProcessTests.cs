using System.Globalization;
using DurableTask.Core.History;
using FinVault.Local.Durable;
using FinVault.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Tests.Local.Durable;

/// <summary>
/// A process with running orchestrations is killed (<c>kill -9</c>) at points that nobody chose, and started again,
/// several times over.
/// </summary>
public sealed class KilledProcessTests
{
    const int Instances = 40;
    const int Lives = 5;

    [Fact]
    public async Task Kill_AtRandomPoints_LosesNothingAcknowledgedAndRecordsEveryResultOnce()
    {
        using TestFolder folder = new();
        Random random = new(20250331);
        List<string> acknowledged = [];
        Dictionary<string, List<string>> seen = [];
        for (int life = 0; life < Lives; life++)
        {
            string number = life.ToString(CultureInfo.InvariantCulture);
            using ChildProcess child = ChildProcess.Start<Victim>(folder.Name, number);
            Assert.Equal("ready", await child.ReadLineAsync(default));
            await Task.Delay(random.Next(20, 400));
            await child.KillAsync();
            while (await child.ReadLineAsync(default) is { } line)
            {
                acknowledged.Add(line);
            }

            await CompareWith(seen, folder);
        }

        await using TestEngine last = await Victim.Functions(new(folder.File()), folder).StartAsync();
        Assert.True(acknowledged.Count > 10, "Nothing was under way when the process was killed");
        foreach (string id in acknowledged.Where(line => line.StartsWith("saga-", StringComparison.Ordinal)))
        {
            OrchestrationMetadata done = await last.End(id);
            string[] results = done.ReadOutputAs<string[]>()!;
            Assert.Equal(Victim.Steps + 1, results.Length);
            Assert.All(results, (result, step) => Assert.Contains(result, Victim.Effects(folder, id, step)));
        }

        await CompareWith(seen, last.Client);
        await last.Client.RaiseEventAsync("collector", "Number", -1);
        int[] collected = (await last.End("collector")).ReadOutputAs<int[]>()!;
        int[] raised = [.. acknowledged.Where(line => line.StartsWith("raised ", StringComparison.Ordinal))
            .Select(line => int.Parse(line[7..], CultureInfo.InvariantCulture))];
        Assert.Equal(collected.Distinct(), collected);
        Assert.Empty(raised.Except(collected));
        Assert.Equal(collected.Order(), collected);
    }

    static async Task CompareWith(Dictionary<string, List<string>> seen, TestFolder folder)
    {
        // Opened and not started: only looks.
        await using TestEngine engine = new(folder.File());
        await CompareWith(seen, engine.Client);
    }

    /// <summary>What a history has told once it tells for ever: it only grows, and each call has one outcome.</summary>
    static async Task CompareWith(Dictionary<string, List<string>> seen, DurableTaskClient client)
    {
        for (int i = 0; i < Instances; i++)
        {
            string id = Victim.Saga(i);
            if (await client.GetInstanceAsync(id) is null)
            {
                Assert.DoesNotContain(id, seen.Keys);
                continue;
            }

            IList<HistoryEvent> history = await client.GetOrchestrationHistoryAsync(id);
            List<string> outcomes = [.. history.OfType<TaskCompletedEvent>()
                .Select(e => $"{e.TaskScheduledId} {e.Result} {e.Timestamp:O}")];
            Assert.Equal(
                outcomes.Count, history.OfType<TaskCompletedEvent>().Select(e => e.TaskScheduledId).Distinct().Count());
            List<string> before = seen.GetValueOrDefault(id, []);
            Assert.Equal(before, outcomes.Take(before.Count));
            seen[id] = outcomes;
        }
    }

    /// <summary>Starts sagas and raises events as fast as it can, telling what the engine has acknowledged.</summary>
    internal sealed class Victim : IChildProgram
    {
        public const int Steps = 6;

        public static string Saga(int i) => string.Create(CultureInfo.InvariantCulture, $"saga-{i:D3}");

        public async Task RunAsync(string[] args)
        {
            int life = int.Parse(args[1], CultureInfo.InvariantCulture);
            TestFolder folder = new(args[0]);
            TestEngine engine = await Functions(new(folder.File()), folder).StartAsync();
            await Say("ready");
            if (await engine.Client.GetInstanceAsync("collector") is null)
            {
                await engine.Start("Collects", id: "collector");
            }

            for (int i = 0; ; i++)
            {
                if (i < Instances && await engine.Client.GetInstanceAsync(Saga(i)) is null)
                {
                    await engine.Start("Saga", id: Saga(i));
                    await Say(Saga(i));
                }

                int number = (life * 1_000_000) + i;
                await engine.Client.RaiseEventAsync("collector", "Number", number);
                await Say(string.Create(CultureInfo.InvariantCulture, $"raised {number}"));
            }
        }

        public static TestEngine Functions(TestEngine engine, TestFolder folder)
        {
            engine.Activity("Step", async call =>
            {
                string result = Guid.NewGuid().ToString("N");
                int step = (int)call.GetInput(typeof(int))!;
                await File.AppendAllLinesAsync(EffectsFile(folder, call.InstanceId, step), [result]);
                return result;
            });
            engine.Orchestrator("Child", async c => await c.CallActivityAsync<string>("Step", Steps));
            engine.Orchestrator("Saga", async c =>
            {
                List<string> results = [];
                for (int step = 0; step < Steps; step++)
                {
                    results.Add(await c.CallActivityAsync<string>("Step", step));
                    await c.CreateTimer(TimeSpan.FromMilliseconds(5), default);
                }

                results.Add(await c.CallSubOrchestratorAsync<string>(
                    "Child", null, new SubOrchestrationOptions(instanceId: c.InstanceId + "-child")));
                return results;
            });
            return engine.Orchestrator("Collects", async c =>
            {
                List<int> got = c.GetInput<List<int>>() ?? [];
                for (int i = 0; i < 10; i++)
                {
                    int number = await c.WaitForExternalEvent<int>("Number");
                    if (number < 0)
                    {
                        return got;
                    }

                    got.Add(number);
                }

                c.ContinueAsNew(got);
                return null;
            });
        }

        /// <summary>What the step left in the world, once for every time that it ran.</summary>
        public static string[] Effects(TestFolder folder, string id, int step) =>
            File.ReadAllLines(EffectsFile(folder, step == Steps ? id + "-child" : id, step));

        static string EffectsFile(TestFolder folder, string id, int step) => folder.File($"{id}.{step}");

        static async Task Say(string line)
        {
            await Console.Out.WriteLineAsync(line);
            await Console.Out.FlushAsync();
        }
    }
}
