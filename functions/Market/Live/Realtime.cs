namespace FinVault.Market.Live;

/// <summary>Names on the live connection. There is one hub, so that a client needs one connection for everything.</summary>
public static class Realtime
{
    public const string Hub = "finvault";

    /// <summary>To a client: an array of quotes.</summary>
    public const string Quotes = "quotes";

    /// <summary>To a client: what changed of its list, see <see cref="PackedQuotes"/>.</summary>
    public const string Packed = "packed";

    /// <summary>To a client: a source of quotes fell silent or is back.</summary>
    public const string Feed = "feed";

    /// <summary>A connection watches no more symbols than this (RT-02).</summary>
    public const int MaxSymbols = 50;

    public static string SymbolGroup(string symbol) => $"quotes:{symbol}";

    /// <summary>Those who cannot keep up: the latest quote once a second.</summary>
    public static string ConflatedGroup(string symbol) => $"conflated:{symbol}";

    public static string BoardGroup(string board) => $"board:{board}";
}
