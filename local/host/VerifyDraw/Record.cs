using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FinVault.Local.VerifyDraw;

/// <summary>A record as it stands in the file, read by the names in docs/draw.md.</summary>
internal sealed partial class Record(JsonElement json)
{
    public JsonElement Rules => json.GetProperty("rules");

    public string Scheme => Text(json, "scheme");

    public string Mode => Text(Rules, "mode");

    public string Giveaway => Text(Rules, "giveaway");

    public IReadOnlyList<string> Prizes => [.. Rules.GetProperty("prizes").EnumerateArray().Select(prize => prize.GetString()!)];

    public IReadOnlyList<Entry> Entries { get; } = [.. json.GetProperty("entries").EnumerateArray().Select(entry => new Entry(
        Text(entry, "id"), Whole(entry, "weight"), Whole(entry, "points"), Whole(entry, "completedAtMilliseconds")))];

    public IReadOnlyList<Pick> Winners => Picks(json, "winners");

    public IReadOnlyList<Pick> RunnersUp => Picks(json, "runnersUp");

    public IReadOnlyList<JsonElement> Replacements => [.. json.GetProperty("replacements").EnumerateArray()];

    public IReadOnlyList<JsonElement> Receipts => [.. json.GetProperty("receipts").EnumerateArray()];

    public JsonElement? Beacon => Optional(json, "beacon");

    public JsonElement? Choice => Optional(Rules, "beacon");

    public JsonElement? Slots => Optional(Rules, "slots");

    public DateTimeOffset ClosedAt => json.GetProperty("closedAt").GetDateTimeOffset();

    public byte[] Bytes(string name) => BytesOf(Text(json, name));

    public string? Seed => Optional(json, "seed")?.GetString();

    public static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()
        ?? throw new FormatException($"'{name}' is null.");

    public static long Whole(JsonElement of, string name) => of.GetProperty(name).GetInt64();

    public static byte[] BytesOf(string hex) => Hex().IsMatch(hex)
        ? Convert.FromHexString(hex)
        : throw new FormatException($"'{hex}' is not lower-case hexadecimal.");

    public static IReadOnlyList<Pick> Picks(JsonElement of, string name) =>
        [.. of.GetProperty(name).EnumerateArray().Select(pick => new Pick(
            Whole(pick, "rank"), Text(pick, "entry"), Optional(pick, "prize")?.GetString(), Whole(pick, "index"),
            [.. pick.GetProperty("proof").EnumerateArray().Select(hash => BytesOf(hash.GetString()!))]))];

    /// <summary>The rules' text (section 1).</summary>
    public byte[] RulesText()
    {
        StringBuilder text = new();
        Add("scheme", Scheme);
        Add("giveaway", Giveaway);
        Add("mode", Mode);
        Add("odds", Text(Rules, "odds"));
        Add("runnersUp", Whole(Rules, "runnersUp"));
        Add("minPoints", Whole(Rules, "minPoints"));
        if (Choice is { } beacon)
        {
            Add("beacon.chain", Text(beacon, "chain"));
            Numbers(beacon, "beacon", "genesisSeconds", "periodSeconds", "round");
        }

        if (Slots is { } slots)
        {
            Numbers(
                slots, "slots", "startMilliseconds", "endMilliseconds", "finalWindowMilliseconds", "expectedAttempts",
                "capPerBillion");
        }

        foreach (string prize in Prizes)
        {
            Add("prize", prize);
        }

        return Encoding.UTF8.GetBytes(text.ToString());

        void Add(string name, object value) => text.Append(CultureInfo.InvariantCulture, $"{name}={value}\n");

        void Numbers(JsonElement of, string prefix, params string[] names)
        {
            foreach (string name in names)
            {
                Add($"{prefix}.{name}", Whole(of, name));
            }
        }
    }

    private static JsonElement? Optional(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement found) && found.ValueKind != JsonValueKind.Null ? found : null;

    [GeneratedRegex("^([0-9a-f]{2})*$")]
    private static partial Regex Hex();
}

internal sealed record Entry(string Id, long Weight, long Points, long CompletedAt)
{
    public string Leaf => string.Create(CultureInfo.InvariantCulture, $"{Id}|{Weight}|{Points}|{CompletedAt}");
}

internal sealed record Pick(long Rank, string Entry, string? Prize, long Index, IReadOnlyList<byte[]> Proof);
