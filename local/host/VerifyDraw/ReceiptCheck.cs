using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace FinVault.Local.VerifyDraw;

/// <summary>One receipt of slot-machine mode against the revealed record (section 7).</summary>
internal sealed class ReceiptCheck
{
    private static readonly BigInteger Billion = 1_000_000_000;

    private readonly JsonElement _receipt;
    private readonly JsonElement _slots;

    public ReceiptCheck(Record record, JsonElement receipt)
    {
        _receipt = receipt;
        _slots = record.Slots ?? throw new FormatException("The record has no slots, so there are no receipts.");
        byte[] key = record.Bytes("serverSeed");
        BigInteger roll = Roll(key);
        (BigInteger due, BigInteger expected, BigInteger chance) = Chance(record.Prizes.Count);
        Fault = this switch
        {
            _ when Record.Text(receipt, "scheme") != record.Scheme => "it is of another scheme",
            _ when Record.Text(receipt, "giveaway") != record.Giveaway => "it is of another giveaway",
            _ when roll != Number("rollPerBillion") => $"the nonce rolls {roll}",
            _ when due != Number("due") || expected != Number("expected") => $"due were {due}, expected {expected}",
            _ when chance != Number("chancePerBillion") => $"the chance was {chance}",
            _ when Prize.Length > 0 && roll >= chance => "it did not win",
            _ when Seal(key) != Record.Text(receipt, "seal") => "the seal is not the server's",
            _ => null,
        };
        Odds = Prize.Length > 0 ? $"rolled {roll} below {chance}, won {Prize}"
            : roll < chance ? $"rolled {roll} below {chance}, when no prize was left"
            : $"rolled {roll}, not below {chance}";
    }

    /// <summary>What is wrong, or null.</summary>
    public string? Fault { get; }

    public string Odds { get; }

    public string Participant => Record.Text(_receipt, "participant");

    /// <summary>Empty when none was won.</summary>
    public string Prize => _receipt.TryGetProperty("prize", out JsonElement prize) ? prize.GetString() ?? "" : "";

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Participant}, attempt {Number("number")}");

    private BigInteger Roll(byte[] key)
    {
        byte[] mac = Hashes.MacOf(key, "roll", $"{Participant}|{Number("number")}|{Record.Text(_receipt, "clientSeed")}");
        return (new BigInteger(mac.AsSpan(0, 8), isUnsigned: true, isBigEndian: true) * Billion) >> 64;
    }

    private (BigInteger Due, BigInteger Expected, BigInteger Chance) Chance(int prizes)
    {
        BigInteger window = Slot("endMilliseconds") - Slot("startMilliseconds");
        BigInteger elapsed = Clamp(Number("atMilliseconds") - Slot("startMilliseconds"), 0, window);
        BigInteger rest = window - elapsed;
        BigInteger paced = window - Slot("finalWindowMilliseconds");
        BigInteger left = prizes - Number("awarded");
        BigInteger foretold = elapsed.IsZero ? 0 : Number("attempts") * rest / elapsed;
        BigInteger expected =
            BigInteger.Max(1, BigInteger.Max(Slot("expectedAttempts") * rest / window, foretold));
        if (elapsed >= paced)
        {
            return (left, expected, left > 0 ? Billion : 0);
        }

        BigInteger due = Clamp((prizes * elapsed / paced) - Number("awarded"), 0, left);
        return (due, expected, BigInteger.Min(Slot("capPerBillion"), Billion * due / expected));
    }

    private string Seal(byte[] key)
    {
        string[] names =
        [
            "giveaway", "participant", "number", "clientSeed", "atMilliseconds", "attempts", "awarded", "due", "expected",
            "chancePerBillion", "rollPerBillion",
        ];
        string text = string.Join('|', names.Select(name => $"{_receipt.GetProperty(name)}").Append(Prize));
        return Hashes.Hex(Hashes.MacOf(key, "receipt", text));
    }

    private static BigInteger Clamp(BigInteger number, BigInteger least, BigInteger most) =>
        BigInteger.Max(least, BigInteger.Min(most, number));

    private BigInteger Number(string name) => Record.Whole(_receipt, name);

    private BigInteger Slot(string name) => Record.Whole(_slots, name);
}
