using DurableTask.Core.History;
using FinVault.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Tests.Local.Durable;

/// <summary>A crash between any two commits of a story that uses all that an orchestrator can ask for.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task CrashAfterAnyCommit_EndsAlikeAndRunsNothingAgainThatHistoryHas()
    {
        using TestFolder folder = new();
        long commits = await RunAndKeepJournal(folder);
        Assert.True(commits >= 8, $"only {commits} commits");

        for (long commit = 1; commit <= commits; commit++)
        {
            string copy = folder.File($"crash-{commit}.db");
            CutJournal(folder.File("kept.db"), copy, commit);
            await using TestEngine engine = Story(new(copy));
            string[] known = await KnownResults(engine);
            await engine.StartAsync();
            OrchestrationMetadata done = await engine.End("story");

            Assert.Equal(OrchestrationRuntimeStatus.Completed, done.RuntimeStatus);
            Assert.Equal("one two three child", done.ReadOutputAs<string>());
            Assert.Empty(known.Intersect(engine.Ran));
            string? heard = (await engine.End("listener")).ReadOutputAs<string[]>()?.Single();
            Assert.Equal("listener", heard);
        }
    }

    [Fact]
    public async Task Store_WhenItFails_StopsTheEngineInsteadOfGoingOnWithoutIt()
    {
        using TestFolder folder = new();
        await using (TestEngine engine = await Story(new(folder.File())).StartAsync())
        {
            await engine.Start("Listener", id: "before");
            await engine.UntilStatus("before", OrchestrationRuntimeStatus.Running);
            using (SqliteFile other = SqliteFile.Open(folder.File()))
            {
                other.Run("ALTER TABLE journal RENAME TO lost");
            }

            await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Start("Listener", id: "after"));
            await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Client.RaiseEventAsync("before", "Word"));
            Assert.Equal(OrchestrationRuntimeStatus.Running, await engine.Status("before"));
            Assert.Null(await engine.Status("after"));
        }

        using (SqliteFile other = SqliteFile.Open(folder.File()))
        {
            other.Run("ALTER TABLE lost RENAME TO journal");
        }

        await using TestEngine restarted = await Story(new(folder.File())).StartAsync();
        await restarted.Client.RaiseEventAsync("before", "Word", "heard");
        Assert.Equal("heard", (await restarted.End("before")).ReadOutputAs<string[]>()?.Single());
    }

    [Fact]
    public async Task Store_ThatIsNoneOfOurs_IsRefusedByName()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder.File("text.db"), new string('x', 5000));
        using (SqliteFile other = SqliteFile.Open(folder.File("newer.db")))
        {
            other.Run("PRAGMA user_version=7");
        }

        IOException text = Assert.Throws<IOException>(() => DurableStore.Open(folder.File("text.db")));
        IOException newer = Assert.Throws<IOException>(() => DurableStore.Open(folder.File("newer.db")));
        Assert.Contains("text.db", text.Message, StringComparison.Ordinal);
        Assert.Contains("format 7", newer.Message, StringComparison.Ordinal);
    }

    /// <summary>Activities, a timer, a message to another instance, a sub-orchestration and a new start.</summary>
    static TestEngine Story(TestEngine engine)
    {
        engine.Orchestrator("Story", async c =>
        {
            string text = c.GetInput<string>() ?? "";
            if (text.Length == 0)
            {
                text = await c.CallActivityAsync<string>("Note", "one");
                await c.CreateTimer(TimeSpan.FromMilliseconds(5), default);
                c.ContinueAsNew(text);
                return null;
            }

            string[] both = await Task.WhenAll(
                c.CallActivityAsync<string>("Note", "two"), c.CallActivityAsync<string>("Note", "three"));
            c.SendEvent("listener", "Word", "listener");
            string child = await c.CallSubOrchestratorAsync<string>(
                "Child", null, new SubOrchestrationOptions(instanceId: "child"));
            return $"{text} {both[0]} {both[1]} {child}";
        });
        engine.Orchestrator("Child", async c => await c.CallActivityAsync<string>("Note", "child"));
        return engine.Orchestrator("Listener", async c => new[] { await c.WaitForExternalEvent<string>("Word") });
    }

    /// <summary>
    /// Runs the story to its end; what its commits left is kept as a file, as if nothing had been tidied up.
    /// </summary>
    static async Task<long> RunAndKeepJournal(TestFolder folder)
    {
        await using TestEngine engine = await Story(new(folder.File())).StartAsync();
        await engine.Start("Listener", id: "listener");
        await engine.UntilStatus("listener", OrchestrationRuntimeStatus.Running);
        await engine.Run("Story", id: "story");
        await engine.End("listener");
        using SqliteFile live = SqliteFile.Open(folder.File());
        live.Run($"VACUUM INTO '{folder.File("kept.db")}'");
        using SqliteStatement last = live.Once("SELECT MAX(row) FROM journal");
        last.Step();
        return last.Int(0);
    }

    /// <summary>The file as a crash right after this commit would have left it.</summary>
    static void CutJournal(string from, string to, long commit)
    {
        File.Copy(from, to);
        using SqliteFile file = SqliteFile.Open(to);
        file.Run($"DELETE FROM journal WHERE row > {commit}");
        file.Run($"DELETE FROM instance WHERE applied > {commit}");
    }

    static async Task<string[]> KnownResults(TestEngine engine)
    {
        List<string> known = [];
        foreach (string id in (string[])["story", "child", "listener"])
        {
            if (await engine.Client.GetInstanceAsync(id) is null)
            {
                if (id != "child")
                {
                    await engine.Start(id == "story" ? "Story" : "Listener", id: id);
                }

                continue;
            }

            IList<HistoryEvent> history = await engine.Client.GetOrchestrationHistoryAsync(id);
            known.AddRange(history.OfType<TaskCompletedEvent>().Select(e => e.Result!.Trim('"')));
        }

        return [.. known];
    }
}
