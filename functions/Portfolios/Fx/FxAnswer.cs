using System.Globalization;
using System.Text.Json;
using FinVault.Market.Providers;

namespace FinVault.Portfolios;

/// <summary>Reads what a source of live rates answers. Pure.</summary>
internal static class FxAnswer
{
    private const string Euro = "EUR";
    private const long LastUnixSecond = 7_258_118_400;

    /// <summary>Rates for one euro, whatever their base was. What is no rate is left out.</summary>
    /// <param name="answer">The answer's JSON.</param>
    /// <param name="options">Where things are in it.</param>
    /// <param name="now">The moment of the answer.</param>
    /// <exception cref="FormatException">There are no rates, or the euro is not among them.</exception>
    public static LiveTable Read(JsonElement answer, FxOptions options, DateTimeOffset now)
    {
        if (JsonPointer.Find(answer, options.Rates) is not { ValueKind: JsonValueKind.Object } told)
        {
            throw new FormatException($"There is no object of rates at {options.Rates}.");
        }

        Dictionary<string, decimal> rates = new(StringComparer.Ordinal);
        foreach (JsonProperty one in told.EnumerateObject().Take(EcbFile.MaxCurrencies * 3))
        {
            bool isRate = one.Value.ValueKind == JsonValueKind.Number && one.Value.TryGetDecimal(out decimal rate)
                && rate is > 0.000_000_01m and < 100_000_000 && one.Name.Length == 3 && one.Name.All(char.IsAsciiLetterUpper);
            if (isRate)
            {
                rates[one.Name] = one.Value.GetDecimal();
            }
        }

        JsonElement? named = JsonPointer.Find(answer, options.Base);
        string origin = named is { ValueKind: JsonValueKind.String } code && options.Base.Length > 0 ? code.GetString()! : Euro;
        decimal euro = origin == Euro ? 1
            : rates.TryGetValue(Euro, out decimal known) ? known
            : throw new FormatException($"The rates are for one {origin}, and the euro is not among them.");
        rates[origin] = 1;
        Dictionary<string, decimal> crossed = rates.Where(pair => pair.Key != Euro)
            .ToDictionary(pair => pair.Key, pair => DailyRates.Significant(pair.Value / euro), StringComparer.Ordinal);
        if (crossed.Count == 0)
        {
            throw new FormatException("There are no rates in it.");
        }

        DateTimeOffset asOf = options.Time.Length == 0 ? now : TimeOf(JsonPointer.Find(answer, options.Time), options)
            ?? throw new FormatException($"There is no time at {options.Time}.");
        // A clock that is ahead of ours must not make rates of the future.
        asOf = asOf > now ? now : asOf;
        return new(crossed, asOf, new Uri(options.Url).Host, now - asOf > TimeSpan.FromHours(options.StaleHours));
    }

    private static DateTimeOffset? TimeOf(JsonElement? value, FxOptions options)
    {
        if (options.TimeFormat == ProviderTime.Iso)
        {
            return value is { ValueKind: JsonValueKind.String } text && DateTimeOffset.TryParse(
                text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
                ? time
                : null;
        }

        long unix = value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long whole) ? whole : 0;
        unix = options.TimeFormat == ProviderTime.Milliseconds ? unix / 1_000 : unix;
        return unix is > 0 and < LastUnixSecond ? DateTimeOffset.FromUnixTimeSeconds(unix) : null;
    }
}
