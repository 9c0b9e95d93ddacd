using FinVault.Giveaways.Draw;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Giveaways.Draw;

/// <summary>What holds for every draw.</summary>
public sealed class ProvableDrawTests
{
    private static readonly Gen<(DrawRules Rules, DrawEntry[] Entries, int Seed)> AnyDraw =
        from mode in Gen.Elements(DrawMode.Draw, DrawMode.Condition)
        from odds in Gen.Elements(DrawOdds.Equal, DrawOdds.Weighted)
        from prizes in Gen.Choose(1, 6)
        from runnersUp in Gen.Choose(0, 6)
        from count in Gen.Choose(0, 40)
        from seed in Gen.Choose(1, 1_000_000)
        let rules = DrawSamples.Rules(mode, odds, prizes, runnersUp)
        select (rules, DrawSamples.Entries(count, rules, seed), seed);

    [Fact]
    public void Draw_OfEntriesInAnyOrder_IsTheSame() => Check(AnyDraw, draw =>
    {
        DrawEntry[] shuffled = [.. draw.Entries];
        new Random(draw.Seed).Shuffle(shuffled);
        Assert.Equal(
            DrawSamples.ToJson(DrawSamples.Draw(draw.Rules, draw.Entries, draw.Seed)),
            DrawSamples.ToJson(DrawSamples.Draw(draw.Rules, shuffled, draw.Seed)));
    });

    [Fact]
    public void Draw_NamesNobodyTwice_AndAsManyAsThereAre() => Check(AnyDraw, draw =>
    {
        DrawRecord record = DrawSamples.Draw(draw.Rules, draw.Entries, draw.Seed);
        string[] named = [.. record.Winners.Concat(record.RunnersUp).Select(pick => pick.Entry)];
        int able = draw.Entries.Count(entry => entry.Points >= draw.Rules.MinPoints);
        Assert.Equal(named.Length, named.Distinct().Count());
        Assert.Equal(Math.Min(able, draw.Rules.Prizes.Count + draw.Rules.RunnersUp), named.Length);
        Assert.Equal(draw.Rules.Prizes.Take(record.Winners.Count), record.Winners.Select(pick => pick.Prize));
    });

    [Fact]
    public void Draw_IsVerified_ByItselfAndByTheOfflineVerifier() => Check(AnyDraw, draw =>
    {
        DrawRecord record = DrawSamples.Draw(draw.Rules, draw.Entries, draw.Seed);
        VerifyReport report = ProvableDraw.Verify(record);
        Assert.True(report.Verified, string.Join('\n', report.Steps.Where(step => !step.Passed)));
        (int exitCode, string output) = DrawSamples.VerifyOffline(
            DrawSamples.ToJson(record), "--commitment", record.Commitment, "--root", record.EntryRoot);
        Assert.True(exitCode == 0, output);
    });

    [Fact]
    public void EveryEntrysProof_LeadsToTheRoot_AndNoOtherLeafsDoes() => Check(AnyDraw, draw =>
    {
        DrawEntry[] entries = DrawEntry.InOrder(draw.Entries);
        EntryTree tree = new(entries);
        for (int i = 0; i < entries.Length; i++)
        {
            IReadOnlyList<string> proof = tree.ProofOf(i);
            Assert.Equal(tree.Root(), EntryTree.RootOf(entries[i], i, tree.Count, proof));
            Assert.NotEqual(tree.Root(), EntryTree.RootOf(entries[i] with { Weight = 99 }, i, tree.Count, proof));
            Assert.NotEqual(tree.Root(), EntryTree.RootOf(entries[i], i, tree.Count, [.. proof, new('0', 64)]));
            if (entries.Length > 1)
            {
                Assert.NotEqual(tree.Root(), EntryTree.RootOf(entries[i], (i + 1) % entries.Length, tree.Count, proof));
            }
        }
    });

    [Fact]
    public void Replacements_NeverRepeatAWinner_AndAreVerified() => Check(AnyDraw, draw =>
    {
        Random random = new(draw.Seed);
        DrawRecord record = DrawSamples.Draw(draw.Rules, draw.Entries, draw.Seed);
        HashSet<string> everWon = [.. record.Winners.Select(pick => pick.Entry)];
        for (int k = 0; k < 4 && record.Holders().Count > 0; k++)
        {
            string[] removed = [.. record.Holders().Where(_ => random.Next(2) == 0).Select(holder => holder.Entry)];
            if (removed.Length == 0)
            {
                continue;
            }

            ReplacementKind kind = random.Next(2) == 0 ? ReplacementKind.RunnersUp : ReplacementKind.Reroll;
            record = ProvableDraw.Replace(record, kind, removed, "not claimed in time", DrawSamples.Start.AddDays(k + 1));
            foreach (DrawPick winner in record.Replacements[^1].Winners)
            {
                Assert.True(everWon.Add(winner.Entry), $"{winner.Entry} won twice");
            }

            Assert.DoesNotContain(record.Holders(), holder => removed.Contains(holder.Entry));
        }

        Assert.True(ProvableDraw.Verify(record).Verified);
        (int exitCode, string output) = DrawSamples.VerifyOffline(DrawSamples.ToJson(record));
        Assert.True(exitCode == 0, output);
    });

    [Fact]
    public void EqualOdds_AreUniform()
    {
        // 3,000 draws of 1 of 10: with 9 degrees of freedom, 27.9 is exceeded by one fair draw in a thousand.
        DrawRules rules = DrawSamples.Rules(prizes: 1, runnersUp: 0);
        int[] counts = CountFirsts(rules, DrawSamples.Entries(10, rules), 3_000);
        Assert.True(ChiSquare(counts, [.. counts.Select(_ => 300.0)]) < 27.9, string.Join(' ', counts));
    }

    [Fact]
    public void WeightedOdds_AreAsTheWeights()
    {
        DrawRules rules = DrawSamples.Rules(odds: DrawOdds.Weighted, prizes: 1, runnersUp: 0);
        DrawEntry[] entries = [.. DrawSamples.Entries(8, rules).Select((entry, i) => entry with { Weight = i + 1 })];
        int[] counts = CountFirsts(rules, entries, 3_600);
        // 7 degrees of freedom: 24.3 for one in a thousand.
        Assert.True(ChiSquare(counts, [.. entries.Select(entry => entry.Weight * 100.0)]) < 24.3, string.Join(' ', counts));
    }

    [Fact]
    public void ConditionMode_RanksByPointsThenTimeThenSeed()
    {
        DrawRules rules = DrawSamples.Rules(DrawMode.Condition, prizes: 3, runnersUp: 1);
        DrawEntry[] entries =
        [
            new("LATE", 1, 50, 2_000), new("EARLY", 1, 50, 1_000), new("POOR", 1, 5, 1), new("TIE_A", 1, 20, 7), new("TIE_B", 1, 20, 7),
        ];
        DrawRecord[] records = [.. Enumerable.Range(1, 30).Select(seed => DrawSamples.Draw(rules, entries, seed))];
        Assert.All(records, record => Assert.Equal(["EARLY", "LATE"], record.Winners.Take(2).Select(pick => pick.Entry)));
        Assert.All(records, record => Assert.DoesNotContain("POOR", record.RunnersUp.Select(pick => pick.Entry)));
        Assert.Equal(2, records.Select(record => record.Winners[2].Entry).Distinct().Count());
    }

    [Fact]
    public void Commitment_HoldsEveryRule()
    {
        DrawRules rules = DrawSamples.Rules(DrawMode.SlotMachine);
        byte[] seed = DrawSamples.ServerSeed();
        DrawRules[] others =
        [
            rules with { Giveaway = "EVENT_2" }, rules with { Odds = DrawOdds.Weighted }, rules with { RunnersUp = 3 },
            rules with { Prizes = [.. rules.Prizes.Reverse()] }, rules with { Prizes = [.. rules.Prizes, "PRIZE_4"] },
            rules with { Beacon = rules.Beacon! with { Round = 131 } }, rules with { Beacon = rules.Beacon! with { Chain = "x" } },
            rules with { Slots = rules.Slots! with { CapPerBillion = 300_000_001 } }, rules with { MinPoints = 1 },
        ];
        Assert.Equal(10, others.Append(rules).Select(one => DrawScheme.Commitment(seed, one)).Distinct().Count());
    }

    [Fact]
    public void Draw_ClosedLate_TakesTheFirstRoundAfterTheClose_AndSaysSo()
    {
        DrawRules rules = DrawSamples.Rules();
        DateTimeOffset closedAt = rules.Beacon!.PublicAt().AddSeconds(45);
        DrawRecord record = DrawSamples.Draw(rules, DrawSamples.Entries(5, rules), closedAt: closedAt);
        Assert.True((rules.Beacon with { Round = record.Beacon!.Round }).PublicAt() > closedAt);
        Assert.Equal(132, record.Beacon.Round);
        VerifyReport report = ProvableDraw.Verify(record);
        Assert.True(report.Verified);
        Assert.Contains(report.Steps, step => step.Outcome.Contains("ask why", StringComparison.Ordinal));
        Assert.Contains("LATE", DrawSamples.VerifyOffline(DrawSamples.ToJson(record)).Output, StringComparison.Ordinal);
    }

    private static int[] CountFirsts(DrawRules rules, DrawEntry[] entries, int draws)
    {
        int[] counts = new int[entries.Length];
        foreach (int seed in Enumerable.Range(1, draws))
        {
            counts[DrawSamples.Draw(rules, entries, seed).Winners[0].Index]++;
        }

        return counts;
    }

    private static double ChiSquare(int[] counts, double[] expected) =>
        counts.Zip(expected).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second) / pair.Second);

    private static void Check<T>(Gen<T> of, Action<T> property) =>
        Prop.ForAll(Arb.From(of), property).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
}
