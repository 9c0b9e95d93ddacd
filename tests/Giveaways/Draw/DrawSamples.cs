using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FinVault.Giveaways.Draw;
using FinVault.Local.VerifyDraw;
using FinVault.Platform;

namespace FinVault.Tests.Giveaways.Draw;

/// <summary>Draws made from numbers, the same every time.</summary>
internal static class DrawSamples
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Close = Start.AddHours(1);

    private static readonly BeaconChoice Beacon = new("simulator", Start.ToUnixTimeSeconds(), 30, 130);

    /// <summary>Entries 0 to <paramref name="count"/>, of random weights and points; many tie.</summary>
    public static DrawEntry[] Entries(int count, DrawRules rules, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(i => new DrawEntry(
            $"PARTICIPANT_{i:D5}",
            rules.Odds == DrawOdds.Weighted ? random.Next(1, 20) : 1,
            rules.Mode == DrawMode.Condition ? random.Next(0, 4) * 10 : 0,
            rules.Mode == DrawMode.Condition ? Start.ToUnixTimeMilliseconds() + random.Next(0, 3) : 0))];
    }

    public static DrawRules Rules(
        DrawMode mode = DrawMode.Draw, DrawOdds odds = DrawOdds.Equal, int prizes = 3, int runnersUp = 2) => new(
            "EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAV", mode, odds, [.. Enumerable.Range(1, prizes).Select(i => $"PRIZE_{i}")],
            runnersUp, mode == DrawMode.Condition ? 10 : 0,
            mode == DrawMode.SlotMachine && runnersUp == 0 ? null : Beacon,
            mode == DrawMode.SlotMachine
                ? new(Start.ToUnixTimeMilliseconds(), Close.ToUnixTimeMilliseconds(), 60_000, 500, 300_000_000)
                : null);

    public static byte[] ServerSeed(int number = 1) => SHA256.HashData(Encoding.ASCII.GetBytes($"server seed {number}"));

    public static BeaconRound Round(DrawRules rules, DateTimeOffset closedAt, int number = 1)
    {
        byte[] signature = SHA256.HashData(Encoding.ASCII.GetBytes($"signature {number}"));
        return new(
            rules.Beacon!.RoundFor(closedAt), DrawScheme.Hex(signature), DrawScheme.Hex(SHA256.HashData(signature)));
    }

    public static DrawRecord Draw(DrawRules rules, IReadOnlyList<DrawEntry> entries, int seed = 1, DateTimeOffset? closedAt = null)
    {
        DateTimeOffset closed = closedAt ?? Close;
        return ProvableDraw.Draw(new(
            rules, ServerSeed(seed), Start.AddDays(-1), closed, entries,
            rules.Beacon is null ? null : Round(rules, closed, seed), [], closed.AddMinutes(5)));
    }

    /// <summary>A slot machine's afternoon: attempts a second apart, with what each of them got.</summary>
    public static (DrawRecord Record, IReadOnlyList<SlotReceipt> All) Slots(DrawRules rules, int attempts, int seed = 1)
    {
        SlotMachine machine = new(ServerSeed(seed), rules);
        List<SlotReceipt> all = [];
        int awarded = 0;
        long step = (rules.Slots!.EndMilliseconds - rules.Slots.StartMilliseconds) / attempts;
        for (int i = 0; i < attempts; i++)
        {
            SlotStanding standing = new(rules.Slots.StartMilliseconds + (i * step), i, awarded);
            AttemptNonce nonce = new($"PARTICIPANT_{i:D5}", 1, i % 2 == 0 ? "" : $"mine-{i}");
            SlotSpin spin = machine.Spin(standing, nonce);
            string? prize = spin.Wins && awarded < rules.Prizes.Count ? rules.Prizes[awarded++] : null;
            all.Add(machine.Receipt(standing, nonce, spin, prize));
        }

        DrawEntry[] entries = [.. all.Select(receipt => new DrawEntry(receipt.Participant))];
        SlotReceipt[] won = [.. all.Where(receipt => receipt.Prize is not null)];
        DrawRecord record = ProvableDraw.Draw(new(
            rules, ServerSeed(seed), Start.AddDays(-1), Close, entries,
            rules.Beacon is null ? null : Round(rules, Close, seed), won, Close.AddMinutes(5)));
        return (record, all);
    }

    public static string ToJson<T>(T value) => JsonSerializer.Serialize(value, Json.Options);

    /// <summary>What the offline verifier makes of a record.</summary>
    public static (int ExitCode, string Output) VerifyOffline(string record, params string[] more)
    {
        string folder = Directory.CreateTempSubdirectory("finvault-draw-").FullName;
        try
        {
            string file = Path.Combine(folder, "record.json");
            File.WriteAllText(file, record);
            string[] arguments = [.. more.Select((text, i) =>
            {
                if (!text.StartsWith('{'))
                {
                    return text;
                }

                string receipt = Path.Combine(folder, $"receipt{i}.json");
                File.WriteAllText(receipt, text);
                return receipt;
            })];
            using StringWriter output = new();
            return (VerifyDrawCommand.Run([file, .. arguments], output), output.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
