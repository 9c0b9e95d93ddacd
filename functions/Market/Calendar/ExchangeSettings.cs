namespace FinVault.Market.Calendar;

/// <summary>exchanges.json. The first exchange is the one of symbols that no other claims.</summary>
public sealed record ExchangesFile(
    IReadOnlyList<ExchangeSettings> Exchanges, IReadOnlyDictionary<string, string[]> Boards);

/// <summary>One exchange: local wall-clock times in its zone, and dates.</summary>
/// <param name="Symbols">Prefix of the symbols that trade on it; null for the default exchange.</param>
/// <param name="SameDaysAs">Code of the exchange whose holidays and special sessions it shares.</param>
/// <param name="Currency">ISO 4217, of its prices.</param>
public sealed record ExchangeSettings(
    string Code,
    string Name,
    string TimeZone,
    string? Symbols = null,
    string? SameDaysAs = null,
    string Currency = "INR",
    bool AlwaysOpen = false,
    TimeOnly PreOpen = default,
    TimeOnly Open = default,
    TimeOnly Close = default,
    TimeOnly AcceptFrom = default,
    TimeOnly AcceptTo = default)
{
    public IReadOnlyList<DateOnly> Holidays { get; init; } = [];

    /// <summary>Weekend days on which the exchange trades.</summary>
    public IReadOnlyList<DateOnly> SpecialSessions { get; init; } = [];
}
