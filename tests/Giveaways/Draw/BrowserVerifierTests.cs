using System.Text.Json;
using FinVault.Giveaways.Draw;
using FinVault.Tests.Support;

namespace FinVault.Tests.Giveaways.Draw;

/// <summary>
/// The browser's verifier agrees with the draw. Its own tests (web/src/giveaways/verify.test.ts) read the records that
/// are kept beside it; here those are held against what the draw gives, and fresh ones are handed to it under Node.js.
/// </summary>
public sealed class BrowserVerifierTests
{
    private const string Folder = "web/src/giveaways/records";

    public static TheoryData<string> Names => [.. Records().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void KeptRecord_IsWhatTheDrawGives(string name)
    {
        string json = DrawSamples.ToJson(Records()[name]);
        string file = Repository.PathTo(Folder, $"{name}.json");
        if (Environment.GetEnvironmentVariable("FINVAULT_KEEP_RECORDS") is not null)
        {
            File.WriteAllText(file, json + "\n");
        }

        Assert.Equal(json, File.ReadAllText(file).TrimEnd());
        Assert.Equal(0, DrawSamples.VerifyOffline(json).ExitCode);
    }

    [NodeModulesFact("web")]
    public async Task FreshRecords_AreVerified_AndChangedOnesAreNot()
    {
        List<object> cases = [];
        foreach (int seed in Enumerable.Range(1, 12))
        {
            DrawRules rules = DrawSamples.Rules((DrawMode)(seed % 2), (DrawOdds)(seed % 2), prizes: seed % 5 + 1, runnersUp: seed % 3);
            DrawRecord record = DrawSamples.Draw(rules, DrawSamples.Entries(seed * 7, rules, seed), seed);
            DrawEntry[] changed = [.. record.Entries];
            changed[seed % changed.Length] = changed[seed % changed.Length] with { Points = 77 };
            cases.Add(new { record, passes = true });
            cases.Add(new { record = record with { Entries = changed }, passes = false });
            cases.Add(new { record = record with { ServerSeed = DrawScheme.Hex(DrawSamples.ServerSeed(99)) }, passes = false });
        }

        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, DrawSamples.ToJson(cases));
        Tool.Result result = await Tool.RunAsync(
            "node", [Repository.PathTo("tests/node/verify-draw.mjs"), file], TimeSpan.FromMinutes(1));
        File.Delete(file);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Equal("36 of 36 as expected", result.Output.Trim());
    }

    private static Dictionary<string, DrawRecord> Records()
    {
        DrawRules rules = DrawSamples.Rules();
        DrawRules weighted = DrawSamples.Rules(odds: DrawOdds.Weighted, prizes: 4, runnersUp: 5);
        DrawRules condition = DrawSamples.Rules(DrawMode.Condition, runnersUp: 4);
        DrawRules slots = DrawSamples.Rules(DrawMode.SlotMachine, prizes: 4);
        DrawRecord replaced = DrawSamples.Draw(weighted, DrawSamples.Entries(40, weighted));
        replaced = ProvableDraw.Replace(
            replaced, ReplacementKind.RunnersUp, [replaced.Winners[1].Entry, replaced.RunnersUp[0].Entry], "not claimed in time",
            DrawSamples.Start.AddDays(1));
        replaced = ProvableDraw.Replace(
            replaced, ReplacementKind.Reroll, [replaced.Winners[0].Entry, replaced.Winners[3].Entry], "entered twice",
            DrawSamples.Start.AddDays(2));
        return new()
        {
            ["draw"] = DrawSamples.Draw(rules, DrawSamples.Entries(11, rules)),
            ["weighted"] = replaced,
            ["condition"] = DrawSamples.Draw(condition, DrawSamples.Entries(15, condition)),
            ["slots"] = DrawSamples.Slots(slots, 30).Record,
            ["empty"] = DrawSamples.Draw(rules, []),
        };
    }
}
