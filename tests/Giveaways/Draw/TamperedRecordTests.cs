using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Giveaways.Draw;
using FinVault.Platform;

namespace FinVault.Tests.Giveaways.Draw;

/// <summary>Trap 9: whoever changes anything that matters in a record is found out, by both verifiers.</summary>
public sealed class TamperedRecordTests
{
    // Times that only inform: nothing follows from them, and the page of the scheme says whose word they are.
    private static readonly string[] Informative = ["state", "committedAt", "drawnAt", "at", "reason", "closedAt"];

    [Fact]
    public void Trap9_ChangingOneEntry_ChangesTheRootAndFailsVerification()
    {
        DrawRules rules = DrawSamples.Rules(odds: DrawOdds.Weighted);
        DrawEntry[] entries = DrawSamples.Entries(20, rules);
        DrawRecord record = DrawSamples.Draw(rules, entries);
        DrawEntry loser = record.Entries.First(entry => !record.Winners.Concat(record.RunnersUp).Any(p => p.Entry == entry.Id));
        DrawEntry[] changed = [.. record.Entries.Select(entry => entry == loser ? entry with { Weight = entry.Weight + 1 } : entry)];
        Assert.NotEqual(record.EntryRoot, DrawSamples.Draw(rules, changed).EntryRoot);
        DrawRecord forged = record with { Entries = changed };
        VerifyStep root = Assert.Single(ProvableDraw.Verify(forged).Steps, step => step.Name == "entry root");
        Assert.False(root.Passed);
        (int exitCode, string output) = DrawSamples.VerifyOffline(DrawSamples.ToJson(forged));
        Assert.Equal(1, exitCode);
        Assert.Contains("FAILED   root of the entries", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AWholeNewDraw_IsFoundOut_ByTheCommitmentAndTheRootThatOneKept()
    {
        DrawRules rules = DrawSamples.Rules();
        DrawRecord record = DrawSamples.Draw(rules, DrawSamples.Entries(20, rules));
        DrawRecord other = DrawSamples.Draw(rules, DrawSamples.Entries(21, rules), seed: 2);
        DrawNotice published = new(
            DrawScheme.Name, DrawState.Closed, rules, record.Commitment, record.CommittedAt, record.ClosedAt, record.EntryRoot, 20);
        Assert.True(ProvableDraw.Verify(record, published).Verified);
        Assert.True(ProvableDraw.Verify(other).Verified);
        Assert.False(ProvableDraw.Verify(other, published).Verified);
        string json = DrawSamples.ToJson(other);
        Assert.Equal(0, DrawSamples.VerifyOffline(json).ExitCode);
        Assert.Equal(1, DrawSamples.VerifyOffline(json, "--commitment", record.Commitment).ExitCode);
        Assert.Equal(1, DrawSamples.VerifyOffline(json, "--root", record.EntryRoot).ExitCode);
    }

    [Theory]
    [InlineData(DrawMode.Draw)]
    [InlineData(DrawMode.Condition)]
    [InlineData(DrawMode.SlotMachine)]
    public void Trap9_AnyChangedValue_FailsVerificationByBothImplementations(DrawMode mode)
    {
        DrawRules rules = DrawSamples.Rules(mode);
        rules = rules with { Slots = rules.Slots is { } slots ? slots with { FinalWindowMilliseconds = 1_800_000 } : null };
        DrawRecord record = mode == DrawMode.SlotMachine
            ? DrawSamples.Slots(rules, 12).Record
            : DrawSamples.Draw(rules, DrawSamples.Entries(9, rules));
        record = ProvableDraw.Replace(
            record, ReplacementKind.Reroll, [record.Holders()[0].Entry], "cheated", DrawSamples.Start.AddDays(2));
        JsonNode json = JsonNode.Parse(DrawSamples.ToJson(record))!;
        Assert.Equal(0, DrawSamples.VerifyOffline(json.ToJsonString()).ExitCode);
        List<string> unnoticed = [];
        foreach (string path in Values(json).ToArray())
        {
            JsonNode copy = json.DeepClone();
            Change(copy, path);
            string text = copy.ToJsonString();
            if (DrawSamples.VerifyOffline(text).ExitCode == 0 || IsVerified(text))
            {
                unnoticed.Add(path);
            }
        }

        Assert.Empty(unnoticed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"state\":\"committed\"}")]
    [InlineData("{\"rules\":null,\"entries\":[]}")]
    public void WhatIsNoRecord_IsRefusedInWords(string text)
    {
        (int exitCode, string output) = DrawSamples.VerifyOffline(text);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("FAILED", output, StringComparison.Ordinal);
    }

    private static bool IsVerified(string text)
    {
        try
        {
            return ProvableDraw.Verify(JsonSerializer.Deserialize<DrawRecord>(text, Json.Options)!).Verified;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Values(JsonNode? node, string at = "")
    {
        IEnumerable<(string Name, JsonNode? Value)> children = node switch
        {
            JsonObject map => map.Where(pair => !Informative.Contains(pair.Key)).Select(pair => (pair.Key, pair.Value)),
            JsonArray list => list.Select((value, i) => ($"{i}", value)),
            _ => [],
        };
        return node is JsonValue ? [at] : children.SelectMany(child => Values(child.Value, $"{at}/{child.Name}"));
    }

    // The last digit of a number, or of a text, becomes another one.
    private static void Change(JsonNode root, string path)
    {
        string[] parts = path.Split('/')[1..];
        JsonNode parent = parts[..^1].Aggregate(root, (node, name) => node is JsonArray list
            ? list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : node[name]!);
        JsonNode value = parent is JsonArray array
            ? array[int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture)]! : parent[parts[^1]]!;
        JsonNode changed = value.GetValueKind() == JsonValueKind.Number
            ? JsonValue.Create(value.GetValue<long>() + 1)
            : JsonValue.Create(Other(value.GetValue<string>()));
        value.ReplaceWith(changed);
    }

    private static string Other(string text) => text switch
    {
        "draw" => "condition",
        "condition" or "slotMachine" => "draw",
        "equal" => "weighted",
        "reroll" => "runnersUp",
        "" => "0",
        _ => text[..^1] + (text[^1] == '0' ? '1' : '0'),
    };
}
