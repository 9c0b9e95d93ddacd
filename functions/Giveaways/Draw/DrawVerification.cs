using System.Security.Cryptography;

namespace FinVault.Giveaways.Draw;

/// <summary>Checks a record step by step, computing everything again from what it says.</summary>
internal sealed class DrawVerification(DrawRecord record, DrawNotice? published)
{
    private readonly List<VerifyStep> _steps = [];
    private readonly DrawRules _rules = record.Rules;
    private byte[] _serverSeed = [];

    public VerifyReport Report()
    {
        Step("scheme", record.Scheme == DrawScheme.Name, $"The procedure is {record.Scheme}.", ("scheme", record.Scheme));
        Step("rules", _rules.Fault() is null, _rules.Fault() ?? "The rules fit together.", ("rules", _rules.ToText()));
        // What follows would only fail in stranger ways.
        if (_steps.TrueForAll(step => step.Passed) && CheckShapes())
        {
            CheckCommitment();
            byte[]? seed = CheckSeed(CheckEntries());
            CheckWinners(seed);
            if (CheckReceipts())
            {
                CheckReplacements(seed);
            }
        }

        List<string> left = ["When the commitment, the root and the seed were published is the publisher's word here: "
            + "keep the commitment from before the start to compare it."];
        if (record.Beacon is { } beacon)
        {
            left.Add($"The signature of round {beacon.Round} is not checked against the public key of chain "
                + $"{_rules.Beacon?.Chain} (BLS): ask the beacon for the round and compare.");
        }

        return new(_rules.Giveaway, _steps.TrueForAll(step => step.Passed), _steps, left);
    }

    private bool CheckShapes()
    {
        IEnumerable<string?> hashes =
        [
            record.ServerSeed, record.Commitment, record.EntryRoot, record.Beacon?.Randomness, record.Seed,
            .. Picks().SelectMany(pick => pick.Proof), .. record.Receipts.Select(receipt => receipt.Seal),
        ];
        bool shaped = hashes.All(hash => hash is null || (hash.Length == 2 * DrawScheme.Bytes && IsHex(hash)))
            && (record.Beacon is null || (record.Beacon.Signature.Length % 2 == 0 && IsHex(record.Beacon.Signature)))
            && Picks().All(pick => pick.Index >= 0 && pick.Index < record.Entries.Count);
        Step("shapes", shaped, shaped ? "Hashes have 64 hexadecimal digits, places are in the list."
            : "A hash has not 64 hexadecimal digits, or a place is not in the list.");
        _serverSeed = shaped ? Convert.FromHexString(record.ServerSeed) : [];
        return shaped;
    }

    private void CheckCommitment()
    {
        Equal("commitment", record.Commitment, DrawScheme.Commitment(_serverSeed, _rules), ("serverSeed", record.ServerSeed));
        if (published is not null)
        {
            Equal("published commitment", published.Commitment, record.Commitment, ("committedAt", $"{published.CommittedAt:O}"));
        }

        if (published?.EntryRoot is { } root)
        {
            Equal("published root", root, record.EntryRoot, ("closedAt", $"{published.ClosedAt:O}"));
        }
    }

    private EntryTree CheckEntries()
    {
        string? fault = DrawEntry.Fault(record.Entries, _rules.Odds);
        Step("entries", fault is null, fault ?? "Entries are in order, none twice, and weigh what the rules allow.",
            ("count", $"{record.Entries.Count}"), ("odds", DrawScheme.NameOf(_rules.Odds)));
        EntryTree tree = new(record.Entries);
        Equal("entry root", record.EntryRoot, DrawScheme.Hex(tree.Root()), ("count", $"{tree.Count}"));
        foreach (DrawPick pick in Picks())
        {
            DrawEntry entry = record.Entries[pick.Index];
            byte[]? root = EntryTree.RootOf(entry, pick.Index, tree.Count, pick.Proof);
            bool holds = entry.Id == pick.Entry && root is not null && DrawScheme.Hex(root) == record.EntryRoot;
            Step($"inclusion of {pick.Entry}", holds, holds ? "Its path leads to the root." : "Its path leads elsewhere.",
                ("leaf", entry.ToText()), ("index", $"{pick.Index}"), ("count", $"{tree.Count}"),
                ("proof", string.Join(' ', pick.Proof)));
        }

        return tree;
    }

    private byte[]? CheckSeed(EntryTree tree)
    {
        if (_rules.Beacon is not { } choice)
        {
            bool none = record is { Beacon: null, Seed: null };
            Step("beacon", none, none ? "The rules name no round: nothing is drawn." : "The rules name no round.");
            return null;
        }

        if (record.Beacon is not { } round || record.Seed is null)
        {
            Step("beacon", false, "The rules name a round, the record has none.", ("round", $"{choice.Round}"));
            return null;
        }

        long wanted = choice.RoundFor(record.ClosedAt);
        string late = wanted == choice.Round ? "" : $" Entries closed late, after committed round {choice.Round}: ask why.";
        Step("beacon round", round.Round == wanted, $"The round is {round.Round}, it must be {wanted}.{late}",
            ("chain", choice.Chain), ("round", $"{choice.Round}"), ("closedAt", $"{record.ClosedAt:O}"),
            ("genesisSeconds", $"{choice.GenesisSeconds}"), ("periodSeconds", $"{choice.PeriodSeconds}"));
        Equal("beacon randomness", round.Randomness,
            DrawScheme.Hex(SHA256.HashData(Convert.FromHexString(round.Signature))), ("signature", round.Signature));
        byte[] seed = DrawScheme.Seed(_serverSeed, tree.Root(), Convert.FromHexString(round.Randomness));
        Equal("seed", record.Seed, DrawScheme.Hex(seed), ("serverSeed", record.ServerSeed),
            ("entryRoot", record.EntryRoot), ("randomness", round.Randomness));
        return seed;
    }

    private void CheckWinners(byte[]? seed)
    {
        int prizes = _rules.Mode == DrawMode.SlotMachine ? 0 : _rules.Prizes.Count;
        HashSet<string> won = [.. record.Receipts.Select(receipt => receipt.Participant)];
        List<int> chosen = seed is null
            ? []
            : DrawOrder.Choose(_rules, seed, record.Entries, won, prizes + _rules.RunnersUp);
        Same("winners", record.Winners, chosen.Take(prizes), rank => _rules.Prizes[rank - 1]);
        Same("runners-up", record.RunnersUp, chosen.Skip(prizes), _ => null);
    }

    private void CheckReplacements(byte[]? seed)
    {
        DrawRecord replayed = record with { Replacements = [] };
        foreach (Replacement stored in record.Replacements)
        {
            // A chain that broke once cannot be followed further.
            string name = $"replacement {stored.Number}";
            if (seed is null || stored.Removed.Count == 0 || !stored.Removed.All(DrawScheme.IsId)
                || string.IsNullOrWhiteSpace(stored.Reason))
            {
                Step(name, false, "It removes nobody, gives no reason, or nothing was drawn.");
                return;
            }

            replayed = ProvableDraw.Replace(
                replayed with { Seed = DrawScheme.Hex(seed) }, stored.Kind, stored.Removed, stored.Reason, stored.At);
            Replacement again = replayed.Replacements[^1];
            bool same = again.Number == stored.Number
                && again.Winners.Select(Key).SequenceEqual(stored.Winners.Select(Key));
            Step(name, same, same ? "The same winners follow." : "Other winners follow: " + Names(again.Winners),
                ("kind", stored.Kind.ToString()), ("k", $"{stored.Number}"),
                ("removed", string.Join(' ', stored.Removed)), ("winners", Names(stored.Winners)));
        }
    }

    private bool CheckReceipts()
    {
        if (_rules.Slots is null)
        {
            Step("no receipts", record.Receipts.Count == 0, "Only slot-machine mode has attempts.");
            return record.Receipts.Count == 0;
        }

        SlotMachine machine = new(_serverSeed, _rules);
        bool once = record.Receipts.Select(receipt => receipt.Prize).Distinct().Count() == record.Receipts.Count
            && record.Receipts.All(receipt => _rules.Prizes.Contains(receipt.Prize));
        Step("prizes once", once, $"{record.Receipts.Count} of {_rules.Prizes.Count} prizes fell, each at most once.");
        foreach (SlotReceipt receipt in record.Receipts)
        {
            string? fault = receipt.Prize is null ? "It has no prize." : machine.FaultOf(receipt);
            Step($"receipt of {receipt.Participant} {receipt.Number}", fault is null,
                fault ?? $"It rolled {receipt.RollPerBillion}, below {receipt.ChancePerBillion}.",
                ("receipt", receipt.ToText()), ("seal", receipt.Seal));
        }

        return once;
    }

    private void Same(
        string name, IReadOnlyList<DrawPick> stored, IEnumerable<int> chosen, Func<int, string?> prize)
    {
        var expected = chosen.Select((index, i) =>
            (Rank: i + 1, record.Entries[index].Id, Prize: prize(i + 1), Index: index)).ToArray();
        bool same = expected.SequenceEqual(stored.Select(Key));
        Step(name, same, same ? $"The same {stored.Count} follow from the seed."
            : "Others follow from the seed: " + string.Join(' ', expected.Select(pick => pick.Id)),
            ("seed", record.Seed ?? ""), (name, Names(stored)));
    }

    private IEnumerable<DrawPick> Picks() =>
        [.. record.Winners, .. record.RunnersUp, .. record.Replacements.SelectMany(one => one.Winners)];

    private static (int Rank, string Entry, string? Prize, int Index) Key(DrawPick pick) =>
        (pick.Rank, pick.Entry, pick.Prize, pick.Index);

    private static string Names(IEnumerable<DrawPick> picks) => string.Join(' ', picks.Select(pick => pick.Entry));

    private static bool IsHex(string text) => text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');

    private void Equal(string name, string stored, string computed, params (string Name, string Value)[] inputs) =>
        Step(name, stored == computed,
            stored == computed ? $"It is {computed}." : $"It would be {computed}, not {stored}.", inputs);

    private void Step(string name, bool passed, string outcome, params (string Name, string Value)[] inputs) =>
        _steps.Add(new(name, passed, inputs.ToDictionary(input => input.Name, input => input.Value), outcome));
}
