using System.Globalization;
using System.Text.Json;

namespace FinVault.Market.Providers;

/// <summary>
/// Reads the prices out of a provider's JSON as its settings say. Numbers may be numbers or text. A quote that is not
/// usable (no price above 0, a time in the future, a symbol nobody asked for) is left out: one that is worth nothing
/// must not stand in the way of the next provider.
/// </summary>
internal sealed class ProviderAnswerReader(HttpProviderOptions options, TimeProvider time)
{
    // Clocks differ a little; a tick from the future would make every true one late.
    private static readonly TimeSpan MaxAhead = TimeSpan.FromSeconds(2);

    public IReadOnlyList<ProviderPrice> Read(JsonElement answer, IReadOnlyList<string> asked)
    {
        Dictionary<string, string> byAlias = asked.ToDictionary(
            symbol => options.Aliases.GetValueOrDefault(symbol, symbol), StringComparer.OrdinalIgnoreCase);
        List<ProviderPrice> prices = [];
        foreach (JsonElement quote in Quotes(answer))
        {
            if (SymbolOf(quote, asked, byAlias) is { } symbol && Read(answer, quote, symbol) is { } price)
            {
                // Each symbol once: a second mention is no news.
                byAlias.Remove(options.Aliases.GetValueOrDefault(symbol, symbol));
                prices.Add(price);
            }
        }

        return prices;
    }

    private IEnumerable<JsonElement> Quotes(JsonElement answer) => JsonPointer.Find(answer, options.Items) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { ValueKind: JsonValueKind.Object } one => [one],
        _ => [],
    };

    private string? SymbolOf(JsonElement quote, IReadOnlyList<string> asked, Dictionary<string, string> byAlias) =>
        options.Symbol is null
            ? asked[0]
            : JsonPointer.Find(quote, options.Symbol) is { ValueKind: JsonValueKind.String } name
                ? byAlias.GetValueOrDefault(name.GetString()!)
                : null;

    private ProviderPrice? Read(JsonElement answer, JsonElement quote, string symbol)
    {
        decimal? price = Number(JsonPointer.Find(quote, options.Price));
        decimal? volume = options.Volume is { } place ? Number(JsonPointer.Find(quote, place)) : null;
        DateTimeOffset? eventTime = options.Time is { } pointer
            ? Time(JsonPointer.Find(options.TimeAtTop ? answer : quote, pointer))
            : time.GetUtcNow();
        bool usable = price > 0 && volume is null or (>= 0 and < long.MaxValue)
            && eventTime is not null && eventTime <= time.GetUtcNow() + MaxAhead;
        return usable ? new(symbol, price!.Value, (long?)volume, eventTime!.Value) : null;
    }

    private DateTimeOffset? Time(JsonElement? value)
    {
        if (options.TimeFormat == ProviderTime.Iso)
        {
            return value is { ValueKind: JsonValueKind.String } text
                && text.TryGetDateTimeOffset(out DateTimeOffset instant)
                ? instant.ToUniversalTime()
                : null;
        }

        decimal? unix = Number(value) * (options.TimeFormat == ProviderTime.Seconds ? 1_000 : 1);
        // Up to the year 2200, which also keeps the conversion from overflowing.
        return unix is > 0 and < 7_258_118_400_000 ? DateTimeOffset.FromUnixTimeMilliseconds((long)unix.Value) : null;
    }

    private static decimal? Number(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetDecimal(out decimal exact) ? exact : null,
        { ValueKind: JsonValueKind.String } text => decimal.TryParse(
            text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal parsed) ? parsed : null,
        _ => null,
    };
}
