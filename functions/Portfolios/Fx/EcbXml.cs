using System.Globalization;
using System.Xml;

namespace FinVault.Portfolios;

/// <summary>
/// The European Central Bank's reference rates as XML (eurofxref-daily.xml, eurofxref-hist.xml): a <c>Cube</c> with a
/// <c>time</c> for each day, in it one for each currency with its <c>rate</c>, units for one euro. Source:
/// ecb.europa.eu, euro foreign exchange reference rates.
/// </summary>
public static class EcbXml
{
    private const string Cube = "Cube";

    /// <summary>Rates by currency and day.</summary>
    /// <exception cref="FormatException">It is no such document.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, decimal>> Read(Stream xml)
    {
        ArgumentNullException.ThrowIfNull(xml);
        Dictionary<string, Dictionary<DateOnly, decimal>> rates = new(StringComparer.Ordinal);
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        try
        {
            using XmlReader reader = XmlReader.Create(xml, settings);
            DateOnly? day = null;
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element || reader.LocalName != Cube)
                {
                    continue;
                }

                if (reader.GetAttribute("time") is { } time)
                {
                    day = DateOnly.ParseExact(time, "yyyy-MM-dd", CultureInfo.InvariantCulture);
                }
                else if (reader.GetAttribute("currency") is { } currency)
                {
                    Put(rates, currency, day, reader.GetAttribute("rate"));
                }
            }
        }
        catch (XmlException broken)
        {
            throw new FormatException($"The rates are no XML: {broken.Message}", broken);
        }

        return rates.Count > 0
            ? rates.ToDictionary(pair => pair.Key, pair => (IReadOnlyDictionary<DateOnly, decimal>)pair.Value)
            : throw new FormatException("There are no rates in it.");
    }

    private static void Put(
        Dictionary<string, Dictionary<DateOnly, decimal>> rates, string currency, DateOnly? day, string? text)
    {
        bool isRate = decimal.TryParse(
            text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal rate);
        bool isCode = currency.Length == 3 && currency.All(char.IsAsciiLetterUpper);
        if (day is not { } known || !isCode || !isRate || rate is <= 0 or >= 100_000_000)
        {
            throw new FormatException($"The rate of {currency} on {day} is not a number above 0.");
        }

        if (!rates.TryGetValue(currency, out Dictionary<DateOnly, decimal>? days))
        {
            rates.Add(currency, days = []);
        }

        days[known] = DailyRates.Significant(rate);
    }
}
