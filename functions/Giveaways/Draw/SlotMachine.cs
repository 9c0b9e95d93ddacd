using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FinVault.Giveaways.Draw;

/// <summary>What names an attempt, and with it the number that decides it.</summary>
/// <param name="Participant">The participant's id.</param>
/// <param name="Number">This participant's attempts, counted from 1.</param>
/// <param name="ClientSeed">Chosen by the participant, up to 64 of <c>A–Z a–z 0–9 _ -</c>; may be empty.</param>
public sealed record AttemptNonce(string Participant, int Number, string ClientSeed = "")
{
    public bool IsValid =>
        DrawScheme.IsId(Participant) && Number > 0 && (ClientSeed.Length == 0 || DrawScheme.IsId(ClientSeed));
}

/// <summary>How the giveaway stands when an attempt is made.</summary>
/// <param name="AtMilliseconds">Unix milliseconds.</param>
/// <param name="Attempts">Attempts made before this one.</param>
/// <param name="Awarded">Prizes gone before this one.</param>
public readonly record struct SlotStanding(long AtMilliseconds, long Attempts, int Awarded);

/// <summary>What an attempt's odds were, and what it rolled.</summary>
/// <param name="Due">Prizes that the pace says should have fallen by now and have not; all that are left, at the end.</param>
/// <param name="Expected">Attempts expected in the rest of the window.</param>
/// <param name="ChancePerBillion">In billionths.</param>
/// <param name="RollPerBillion">0 to 999,999,999; it wins when it is below the chance.</param>
public readonly record struct SlotSpin(long Due, long Expected, long ChancePerBillion, long RollPerBillion)
{
    public bool Wins => RollPerBillion < ChancePerBillion;
}

/// <summary>
/// Slot-machine mode. What an attempt rolls follows from the committed seed and the attempt's nonce alone, so it is
/// fixed before the start and nobody can change it. What it must stay below follows from published rules:
/// <list type="bullet">
/// <item>Prizes are paced evenly from the start to the final window: <c>due = ⌊prizes · elapsed ÷ paced⌋ − awarded</c>.</item>
/// <item>The chance is due ÷ attempts expected in the rest of the window, at most the cap. Expected is the larger of
/// what the host expects and what the attempts so far foretell, each by the share of the window that is left.</item>
/// <item>In the final window every attempt wins while there are prizes: whatever is left falls.</item>
/// </list>
/// All of it in whole numbers, so that two implementations cannot differ by a rounding.
/// </summary>
public sealed class SlotMachine
{
    public const long Billion = 1_000_000_000;

    private readonly byte[] _serverSeed;
    private readonly DrawRules _rules;
    private readonly SlotRules _slots;

    /// <exception cref="ArgumentException">The rules have no slots, or are not valid.</exception>
    public SlotMachine(ReadOnlyMemory<byte> serverSeed, DrawRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _serverSeed = serverSeed.Length == DrawScheme.Bytes && rules.Fault() is null
            ? serverSeed.ToArray()
            : throw new ArgumentException("The seed or the rules are not valid.");
        _rules = rules;
        _slots = rules.Slots ?? throw new ArgumentException("The rules have no slots.");
    }

    public DrawRules Rules => _rules;

    /// <summary>Decides an attempt. Whether a prize was still to be had is for the store to say.</summary>
    public SlotSpin Spin(SlotStanding standing, AttemptNonce nonce)
    {
        ArgumentNullException.ThrowIfNull(nonce);
        (long due, long expected, long chance) = Odds(standing, _rules.Prizes.Count, _slots);
        return new(due, expected, chance, Roll(nonce));
    }

    /// <summary>The receipt of an attempt, sealed with the seed: whoever learns the seed can tell that it is ours.</summary>
    /// <param name="standing">As given to <see cref="Spin"/>.</param>
    /// <param name="nonce">As given to <see cref="Spin"/>.</param>
    /// <param name="spin">What came out.</param>
    /// <param name="prize">The prize's id; null when none was won.</param>
    public SlotReceipt Receipt(SlotStanding standing, AttemptNonce nonce, SlotSpin spin, string? prize)
    {
        ArgumentNullException.ThrowIfNull(nonce);
        SlotReceipt receipt = new(
            DrawScheme.Name, _rules.Giveaway, nonce.Participant, nonce.Number, nonce.ClientSeed,
            standing.AtMilliseconds, standing.Attempts, standing.Awarded, spin.Due, spin.Expected,
            spin.ChancePerBillion, spin.RollPerBillion, prize, "");
        return receipt with { Seal = SealOf(receipt) };
    }

    /// <summary>What is wrong with a receipt, in a sentence; null when it is right.</summary>
    public string? FaultOf(SlotReceipt receipt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        SlotStanding standing = new(receipt.AtMilliseconds, receipt.Attempts, receipt.Awarded);
        SlotSpin spin = Spin(standing, new(receipt.Participant, receipt.Number, receipt.ClientSeed));
        return receipt switch
        {
            _ when receipt.Scheme != DrawScheme.Name || receipt.Giveaway != _rules.Giveaway => "It is of another draw.",
            _ when receipt.RollPerBillion != spin.RollPerBillion => $"The nonce rolls {spin.RollPerBillion}.",
            _ when (receipt.Due, receipt.Expected, receipt.ChancePerBillion)
                != (spin.Due, spin.Expected, spin.ChancePerBillion) => $"The chance was {spin.ChancePerBillion}.",
            _ when receipt.Prize is { } prize && (!spin.Wins || !_rules.Prizes.Contains(prize)) => "It did not win.",
            _ when receipt.Prize is null && spin.Wins && !receipt.SoldOut => "It won.",
            _ when receipt.Seal != SealOf(receipt) => "The seal is not ours.",
            _ => null,
        };
    }

    private static (long Due, long Expected, long Chance) Odds(SlotStanding standing, int prizes, SlotRules slots)
    {
        long window = slots.EndMilliseconds - slots.StartMilliseconds;
        long elapsed = Math.Clamp(standing.AtMilliseconds - slots.StartMilliseconds, 0, window);
        long rest = window - elapsed;
        long paced = window - slots.FinalWindowMilliseconds;
        long left = prizes - standing.Awarded;
        long planned = Share(slots.ExpectedAttempts, rest, window);
        long foretold = elapsed == 0 ? 0 : Share(standing.Attempts, rest, elapsed);
        long expected = Math.Max(1, Math.Max(planned, foretold));
        if (elapsed >= paced)
        {
            return (left, expected, left > 0 ? Billion : 0);
        }

        long due = Math.Clamp(Share(prizes, elapsed, paced) - standing.Awarded, 0, left);
        return (due, expected, Math.Min(slots.CapPerBillion, Share(Billion, due, expected)));
    }

    // Without overflow, and rounded down: number · part ÷ whole.
    private static long Share(long number, long part, long whole) => (long)((Int128)number * part / whole);

    private long Roll(AttemptNonce nonce)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{nonce.Participant}|{nonce.Number}|{nonce.ClientSeed}");
        byte[] mac = DrawScheme.Mac(_serverSeed, "roll", Encoding.UTF8.GetBytes(text));
        return (long)(((UInt128)BinaryPrimitives.ReadUInt64BigEndian(mac) * Billion) >> 64);
    }

    private string SealOf(SlotReceipt receipt) =>
        DrawScheme.Hex(DrawScheme.Mac(_serverSeed, "receipt", Encoding.UTF8.GetBytes(receipt.ToText())));
}
