using System.Text.Json;
using System.Text.Json.Serialization;

namespace FinVault.Portfolios;

/// <summary>Writes what is pushed of a portfolio, as <see cref="LiveUpdate"/> tells; it is never read here.</summary>
public sealed class LiveUpdateConverter : JsonConverter<LiveUpdate>
{
    public override void Write(Utf8JsonWriter writer, LiveUpdate value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        new LiveUpdateWriter(writer, value, options).Write();
    }

    public override LiveUpdate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Updates of a portfolio are only sent.");
}

/// <summary>Writes one update.</summary>
internal sealed class LiveUpdateWriter(Utf8JsonWriter writer, LiveUpdate update, JsonSerializerOptions options)
{
    private readonly long _at = update.At.ToUnixTimeMilliseconds();
    private readonly SortedDictionary<string, string> _why = new(StringComparer.Ordinal);
    private readonly List<(string Currency, string Source, string Session, bool Stale)> _quotes = [];
    private readonly List<LiveRate> _rates = [];

    public void Write()
    {
        // An account's place is among those that have a row or a change; a holding without its account there is told nowhere.
        Dictionary<string, int> places = update.Accounts.Select((one, place) => (one.Account.Id, place))
            .ToDictionary(pair => pair.Id, pair => pair.place, StringComparer.Ordinal);
        writer.WriteStartObject();
        writer.WriteNumber("at"u8, _at);
        WriteTotal(update.Total);
        Array("accounts", update.Accounts, WriteAccount);
        Array("rows", update.Holdings, one => WriteRow(places[one.Account], one.Holding, one.Holding.Price!));
        Array("quotes", _quotes, WriteQuote);
        if (_rates.Count > 0)
        {
            Array("rates", _rates, WriteRate);
        }

        if (_why.Count > 0)
        {
            writer.WritePropertyName("why"u8);
            JsonSerializer.Serialize(writer, _why, options);
        }

        writer.WriteEndObject();
    }

    private void WriteTotal(PortfolioTotal total)
    {
        writer.WriteStartArray("total"u8);
        writer.WriteStringValue(total.Currency);
        Figures(
            total.Value, total.MarketValue, total.Cost, total.DayChange, total.Unrealized, total.Realized, total.Income);
        writer.WriteBooleanValue(total.Stale);
        Age(total.AsOf);
        writer.WriteEndArray();
        if (total.Known.Unknown.Count > 0)
        {
            writer.WritePropertyName("known"u8);
            JsonSerializer.Serialize(writer, total.Known, options);
        }
    }

    private void WriteAccount(AccountSummary one)
    {
        writer.WriteStringValue(one.Account.Id);
        writer.WriteNumberValue(one.Records);
        Figures(one.Value, one.MarketValue, one.DayChange, one.Unrealized.Total, one.Unrealized.Fx);
        writer.WriteBooleanValue(one.Stale);
        Age(one.AsOf);
        bool isForeign = one.Cash.Any(cash => cash.Currency != one.Account.Currency);
        if (one.Priced.Unpriced.Count > 0)
        {
            JsonSerializer.Serialize(writer, one.Priced, options);
        }
        else if (isForeign)
        {
            writer.WriteNullValue();
        }

        if (isForeign)
        {
            writer.WriteStartArray();
            Figures([one.CashValue, .. one.Cash.Select(cash => cash.InAccount)]);
            writer.WriteEndArray();
        }
    }

    private void WriteRow(int account, HoldingView holding, PricedAt price)
    {
        writer.WriteNumberValue(account);
        writer.WriteStringValue(holding.Symbol);
        string session = JsonNamingPolicy.CamelCase.ConvertName(price.Session.ToString());
        writer.WriteNumberValue(PlaceOf(_quotes, (price.Currency, price.Source, session, price.Stale)));
        writer.WriteNumberValue(price.Value);
        if (price.PreviousClose is { } close)
        {
            writer.WriteNumberValue(close);
        }
        else
        {
            writer.WriteNullValue();
        }

        Age(price.AsOf);
        Age(price.EventTime);
        Figures(holding.MarketValue.Account, holding.DayChange.Account, holding.Unrealized.Total);
        if (IsForeign(holding))
        {
            Figures(holding.Unrealized.Fx, holding.MarketValue.Local, holding.DayChange.Local);
            if (holding.Fx is { } rate)
            {
                writer.WriteNumberValue(PlaceOf(_rates, rate));
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }

    private static bool IsForeign(HoldingView holding) => holding.Fx is not null
        || holding.MarketValue.Local != holding.MarketValue.Account || holding.DayChange.Local != holding.DayChange.Account
        || (holding.Unrealized.Total.Amount is null ? holding.Unrealized.Fx != holding.Unrealized.Total
            : holding.Unrealized.Fx.Amount != 0);

    private void WriteQuote((string Currency, string Source, string Session, bool Stale) quote)
    {
        writer.WriteStringValue(quote.Currency);
        writer.WriteStringValue(quote.Source);
        writer.WriteStringValue(quote.Session);
        writer.WriteBooleanValue(quote.Stale);
    }

    private void WriteRate(LiveRate rate)
    {
        writer.WriteStringValue(rate.From);
        writer.WriteStringValue(rate.To);
        writer.WriteNumberValue(rate.Rate);
        Age(rate.AsOf);
        writer.WriteBooleanValue(rate.Stale);
        writer.WriteStringValue(rate.Source);
    }

    private void Figures(params MoneyFigure[] figures)
    {
        foreach (MoneyFigure figure in figures)
        {
            if (figure.Unavailable is { } why)
            {
                string reason = JsonNamingPolicy.CamelCase.ConvertName(why.Reason.ToString());
                _why[reason] = why.Detail;
                writer.WriteStringValue(reason);
            }
            else
            {
                writer.WriteNumberValue(figure.Amount!.Value);
            }
        }
    }

    private void Age(DateTimeOffset? time)
    {
        if (time is { } known)
        {
            writer.WriteNumberValue(_at - known.ToUnixTimeMilliseconds());
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private void Array<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray(name);
        foreach (T item in items)
        {
            writer.WriteStartArray();
            write(item);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static int PlaceOf<T>(List<T> known, T wanted)
    {
        int place = known.IndexOf(wanted);
        if (place < 0)
        {
            known.Add(wanted);
            place = known.Count - 1;
        }

        return place;
    }
}
