namespace FinVault.Market.Providers;

public enum ProviderTime
{
    /// <summary>Text, ISO 8601 with a zone.</summary>
    Iso,

    /// <summary>Unix seconds.</summary>
    Seconds,

    /// <summary>Unix milliseconds.</summary>
    Milliseconds,
}

/// <summary>
/// A provider that speaks HTTP and JSON, described by settings alone. Places in its answer are JSON Pointers (RFC
/// 6901), since providers do use dots in names: <c>/Global Quote/05. price</c>.
/// </summary>
public sealed record HttpProviderOptions : ProviderLimits
{
    public string Name { get; init; } = "";

    /// <summary>
    /// With <c>{symbols}</c> (separated by commas) or <c>{symbol}</c> (one a request), and maybe <c>{key}</c>.
    /// </summary>
    public string Url { get; init; } = "";

    /// <summary>A secret; put where the URL or a header says <c>{key}</c>.</summary>
    public string Key { get; init; } = "";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Symbols a request; 1 where the URL has <c>{symbol}</c>.</summary>
    public int BatchSize { get; init; } = 50;

    /// <summary>Where the array of quotes is, or the one quote. Empty: the whole answer.</summary>
    public string Items { get; init; } = "";

    /// <summary>Within a quote; null where each request names one symbol and the answer does not repeat it.</summary>
    public string? Symbol { get; init; } = "/symbol";

    public string Price { get; init; } = "/price";

    public string? Volume { get; init; }

    /// <summary>
    /// Within a quote, or from the top with <see cref="TimeAtTop"/>; null takes the moment of the answer.
    /// </summary>
    public string? Time { get; init; }

    public bool TimeAtTop { get; init; }

    public ProviderTime TimeFormat { get; init; }

    /// <summary>What the provider calls a symbol, where that differs: <c>TCS</c> → <c>TCS.NSE</c>.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    internal bool OneSymbolOnly => Url.Contains("{symbol}", StringComparison.Ordinal);

    /// <exception cref="InvalidOperationException">Says which setting is wrong.</exception>
    internal void Check(string section)
    {
        bool named = Name.Length is > 0 and <= 32 && Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        Require(named, nameof(Name), "must have up to 32 letters, digits, dashes and underscores");
        Require(
            Uri.TryCreate(Url, UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http",
            nameof(Url), "must be an http or https address");
        Require(
            OneSymbolOnly || Url.Contains("{symbols}", StringComparison.Ordinal),
            nameof(Url), "must say {symbols} or {symbol}");
        Require(Symbol is not null || OneSymbolOnly, nameof(Symbol), "is needed where a request names many symbols");
        Require(BatchSize is > 0 and <= 1_000, nameof(BatchSize), "must be 1 to 1,000");
        string?[] pointers = [Items, Symbol, Price, Volume, Time];
        Require(
            pointers.All(JsonPointer.IsValid),
            "Items, Symbol, Price, Volume, Time", "must be JSON Pointers, like /data/0");
        Require(
            ConnectSeconds > 0 && ReadSeconds > 0 && TotalSeconds > 0, "…Seconds", "must be above 0");
        Require(BreakerFailures >= 2 && BreakerSeconds >= 1, "Breaker…", "must be 2 failures and 1 second at least");

        void Require(bool holds, string setting, string rule)
        {
            if (!holds)
            {
                throw new InvalidOperationException($"The setting {section}:{setting} {rule}.");
            }
        }
    }
}
