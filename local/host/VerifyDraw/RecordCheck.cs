using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace FinVault.Local.VerifyDraw;

/// <summary>One line of the outcome.</summary>
internal sealed record Finding(bool Holds, string Name, string Detail);

/// <summary>Follows docs/draw.md through a record, section by section.</summary>
internal sealed class RecordCheck(Record record, string? commitment, string? root)
{
    private readonly List<Finding> _findings = [];
    private readonly HashSet<string> _out = [];
    private readonly SortedDictionary<long, string> _holders = [];

    public IReadOnlyList<Finding> Run()
    {
        Check("scheme", record.Scheme == "finvault-draw-1", record.Scheme);
        string computed = Hashes.Hex(Hashes.OfLabelled("commitment", record.Bytes("serverSeed"), record.RulesText()));
        Equal("commitment", computed, Hashes.Hex(record.Bytes("commitment")));
        if (commitment is not null)
        {
            Equal("the commitment you kept", computed, commitment);
        }

        byte[] entries = CheckEntries();
        byte[]? seed = CheckSeed(entries);
        CheckReceipts();
        CheckWinners(seed);
        CheckReplacements(seed);
        return _findings;
    }

    private byte[] CheckEntries()
    {
        IReadOnlyList<Entry> all = record.Entries;
        bool equal = Record.Text(record.Rules, "odds") == "equal";
        bool ordered = all.Zip(all.Skip(1)).All(pair => string.CompareOrdinal(pair.First.Id, pair.Second.Id) < 0);
        bool weighed = all.All(entry => entry.Weight is >= 1 and <= 1_000_000 && (!equal || entry.Weight == 1));
        Check("entries in order, none twice", ordered, $"{all.Count} entries");
        Check("weights as the rules allow", weighed, equal ? "every entry counts once" : "weights of 1 to 1,000,000");
        byte[] computed = Hashes.TreeRoot(all.Select(entry => entry.Leaf).ToArray());
        Equal("root of the entries", Hashes.Hex(computed), Hashes.Hex(record.Bytes("entryRoot")));
        if (root is not null)
        {
            Equal("the root you kept", Hashes.Hex(computed), root);
        }

        IEnumerable<Pick> picks = [.. record.Winners, .. record.RunnersUp,
            .. record.Replacements.SelectMany(one => Record.Picks(one, "winners"))];
        foreach (Pick pick in picks)
        {
            Entry? entry = pick.Index >= 0 && pick.Index < all.Count ? all[(int)pick.Index] : null;
            byte[]? led = entry?.Id == pick.Entry
                ? Hashes.RootByPath(entry.Leaf, pick.Index, all.Count, pick.Proof)
                : null;
            Check($"{pick.Entry} is in the tree", led is not null && led.SequenceEqual(computed), $"leaf {pick.Index}, {pick.Proof.Count} hashes up");
        }

        return computed;
    }

    private byte[]? CheckSeed(byte[] entryRoot)
    {
        if (record.Choice is not { } choice)
        {
            Check("no beacon, nothing drawn", record.Beacon is null && record.Seed is null
                && record.Mode == "slotMachine" && Record.Whole(record.Rules, "runnersUp") == 0, "");
            return null;
        }

        if (record.Beacon is not { } beacon || record.Seed is not { } stored)
        {
            Check("beacon", false, "the rules name a round, the record has none");
            return null;
        }

        (long genesis, long period, long committed) = (Record.Whole(choice, "genesisSeconds"),
            Record.Whole(choice, "periodSeconds"), Record.Whole(choice, "round"));
        DateTimeOffset publicAt = DateTimeOffset.FromUnixTimeSeconds(genesis + ((committed - 1) * period));
        bool late = record.ClosedAt >= publicAt;
        long wanted = late ? ((record.ClosedAt.ToUnixTimeSeconds() - genesis) / period) + 2 : committed;
        Check("beacon round", Record.Whole(beacon, "round") == wanted, late
            ? $"{wanted}: entries closed LATE, after committed round {committed} was public. Ask why"
            : $"{wanted} as committed, public from {publicAt:O}");
        byte[] signature = Record.BytesOf(Record.Text(beacon, "signature"));
        byte[] randomness = Record.BytesOf(Record.Text(beacon, "randomness"));
        Check("randomness is the hash of the signature", SHA256.HashData(signature).SequenceEqual(randomness), Hashes.Hex(randomness));
        byte[] seed = Hashes.OfLabelled("seed", record.Bytes("serverSeed"), entryRoot, randomness);
        Equal("seed", Hashes.Hex(seed), stored);
        return seed;
    }

    private void CheckReceipts()
    {
        HashSet<string> fallen = [];
        if (record.Slots is null)
        {
            Check("no attempts but in slot-machine mode", record.Receipts.Count == 0, "");
            return;
        }

        foreach (JsonElement receipt in record.Receipts)
        {
            ReceiptCheck check = new(record, receipt);
            int place = record.Prizes.ToList().IndexOf(check.Prize);
            Check($"receipt of {check.Name}", check.Fault is null && place >= 0 && fallen.Add(check.Prize), check.Fault
                ?? check.Odds);
            _holders[place + 1] = check.Participant;
            _out.Add(check.Participant);
        }

        Check("no more prizes than there are", fallen.Count <= record.Prizes.Count, $"{fallen.Count} of {record.Prizes.Count} fell");
    }

    private void CheckWinners(byte[]? seed)
    {
        int prizes = record.Mode == "slotMachine" ? 0 : record.Prizes.Count;
        int wanted = prizes + (int)Record.Whole(record.Rules, "runnersUp");
        string[] chosen = seed is null ? [] : Choose(seed, wanted);
        Names("winners", chosen.Take(prizes), record.Winners.Select(pick => pick.Entry));
        Names("runners-up", chosen.Skip(prizes), record.RunnersUp.Select(pick => pick.Entry));
        bool ranked = record.Winners.Index().All(one =>
                one.Item.Rank == one.Index + 1 && one.Item.Prize == record.Prizes[one.Index])
            && record.RunnersUp.Index().All(one => one.Item.Rank == one.Index + 1 && one.Item.Prize is null);
        Check("prizes in the rules' order", ranked, "");
        foreach (Pick pick in record.Winners)
        {
            _holders[pick.Rank] = pick.Entry;
            _out.Add(pick.Entry);
        }
    }

    private void CheckReplacements(byte[]? seed)
    {
        uint k = 0;
        foreach (JsonElement one in record.Replacements)
        {
            k++;
            string[] removed = [.. one.GetProperty("removed").EnumerateArray().Select(entry => entry.GetString()!)];
            string kind = Record.Text(one, "kind");
            _out.UnionWith(removed);
            long[] free = [.. _holders.Where(holder => removed.Contains(holder.Value)).Select(holder => holder.Key)];
            string[] next = seed is null ? []
                : kind == "reroll" ? Choose(Hashes.OfLabelled("reroll", seed, Hashes.FourBytes(k)), free.Length)
                : [.. record.RunnersUp.Select(pick => pick.Entry).Where(entry => !_out.Contains(entry)).Take(free.Length)];
            IReadOnlyList<Pick> winners = Record.Picks(one, "winners");
            string name = string.Create(CultureInfo.InvariantCulture, $"replacement {k} ({kind})");
            Names(name, next, winners.Select(pick => pick.Entry));
            Check($"{name}: number, prizes, reason",
                Record.Whole(one, "number") == k && Record.Text(one, "reason").Trim().Length > 0 && removed.Length > 0
                    && winners.Select(pick => (pick.Rank, pick.Prize)).SequenceEqual(
                        free.Take(winners.Count).Select(rank => (rank, (string?)record.Prizes[(int)rank - 1]))),
                Record.Text(one, "reason"));
            Array.ForEach(free, rank => _holders.Remove(rank));
            foreach (Pick pick in winners)
            {
                _holders[pick.Rank] = pick.Entry;
                _out.Add(pick.Entry);
            }
        }
    }

    // Section 5, without those that are out.
    private string[] Choose(byte[] seed, int count)
    {
        List<Entry> left = [.. record.Entries.Where(entry => !_out.Contains(entry.Id))];
        if (record.Mode == "condition")
        {
            long least = Record.Whole(record.Rules, "minPoints");
            return [.. left.Where(entry => entry.Points >= least)
                .OrderBy(entry => -entry.Points)
                .ThenBy(entry => entry.CompletedAt)
                .ThenBy(entry => Hashes.Hex(Hashes.MacOf(seed, "tie", entry.Id)), StringComparer.Ordinal)
                .Take(count).Select(entry => entry.Id)];
        }

        Numbers numbers = new(seed);
        List<string> chosen = [];
        while (chosen.Count < count && left.Count > 0)
        {
            long at = numbers.Below(left.Sum(entry => entry.Weight));
            Entry found = left.First(entry => (at -= entry.Weight) < 0);
            chosen.Add(found.Id);
            left.Remove(found);
        }

        return [.. chosen];
    }

    private void Names(string name, IEnumerable<string> computed, IEnumerable<string> stored)
    {
        string[] names = [.. computed];
        bool same = names.SequenceEqual(stored);
        Check(name, same, same ? string.Join(' ', names) : "it would be " + string.Join(' ', names));
    }

    private void Equal(string name, string computed, string stored) =>
        Check(name, computed == stored, computed == stored ? computed : $"computed {computed}, given {stored}");

    private void Check(string name, bool holds, string detail) => _findings.Add(new(holds, name, detail));
}
