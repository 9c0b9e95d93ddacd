using System.Text.Json;

namespace FinVault.Portfolios;

/// <summary>
/// Reads <c>{"accounts": […], "platforms": […], "assetProfiles": […], "activities": [{type, symbol, quantity, unitPrice,
/// fee, currency, date, dataSource, …}]}</c>, the form in which portfolio trackers hand data over.
/// </summary>
internal static class JsonActivities
{
    private const string Manual = "MANUAL";

    // A broker that is none of these is likelier a slip than a broker.
    private static readonly HashSet<string> Platforms = new(StringComparer.OrdinalIgnoreCase)
    {
        "Angel One", "Charles Schwab", "Coinbase", "DEGIRO", "E*TRADE", "Fidelity", "Groww", "HDFC Securities",
        "ICICI Direct", "Interactive Brokers", "Kraken", "Revolut", "Robinhood", "Trade Republic", "Upstox", "Vanguard",
        "Zerodha",
    };

    /// <summary>The words of every activity, or what is wrong with it.</summary>
    /// <exception cref="FormatException">It is not such a document.</exception>
    public static List<(ActivityText? Text, ImportRow? Wrong)> Read(string json, int maxRows)
    {
        using JsonDocument document = Parse(json);
        JsonElement root = document.RootElement;
        JsonElement activities = List(root, "activities")
            ?? throw new FormatException("There is no list “activities”.");
        if (activities.GetArrayLength() > maxRows)
        {
            throw new FormatException($"A file has {maxRows:N0} activities at most; split it.");
        }

        Dictionary<string, string> assets = Names(root, "assetProfiles", "symbol", "name");
        HashSet<string> unknown = UnknownAccounts(root);
        int number = 0;
        return
        [
            .. activities.EnumerateArray().Select(activity =>
            {
                number++;
                return activity.ValueKind != JsonValueKind.Object
                    ? (null, ImportRow.Wrong(number, "invalid_row", "It is no object."))
                    : Read(activity, number, assets, unknown);
            }),
        ];
    }

    private static (ActivityText? Text, ImportRow? Wrong) Read(
        JsonElement activity, int number, Dictionary<string, string> assets, HashSet<string> unknownAccounts)
    {
        string source = Text(activity, "dataSource");
        string symbol = Text(activity, "symbol");
        if (unknownAccounts.Contains(Text(activity, "accountId")))
        {
            return (null, ImportRow.Wrong(number, "unknown_platform", "Its account is at a broker that is not known."));
        }

        if (source.Equals(Manual, StringComparison.OrdinalIgnoreCase))
        {
            if (!assets.TryGetValue(symbol, out string? name))
            {
                return (null, ImportRow.Wrong(number, "unknown_asset", "Its symbol is none of the file's assetProfiles."));
            }

            symbol = TransactionRules.IsSymbol(name) ? name : symbol;
        }

        return (new(
            number, Text(activity, "type"), symbol, Text(activity, "date"), Text(activity, "quantity"),
            Text(activity, "unitPrice"), "", Text(activity, "fee"), Text(activity, "currency"))
        {
            Id = Text(activity, "id"),
            Note = Text(activity, "comment"),
            Source = source,
        }, null);
    }

    private static HashSet<string> UnknownAccounts(JsonElement root)
    {
        Dictionary<string, string> platforms = Names(root, "platforms", "id", "name");
        return
        [
            .. (List(root, "accounts")?.EnumerateArray() ?? default)
                .Where(account => account.ValueKind == JsonValueKind.Object
                    && Text(account, "platformId") is { Length: > 0 } platform
                    && platforms.TryGetValue(platform, out string? name) && !Platforms.Contains(name))
                .Select(account => Text(account, "id")),
        ];
    }

    private static Dictionary<string, string> Names(JsonElement root, string list, string key, string name)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (JsonElement one in List(root, list)?.EnumerateArray() ?? default)
        {
            if (one.ValueKind == JsonValueKind.Object)
            {
                names[Text(one, key)] = Text(one, name);
            }
        }

        return names;
    }

    private static JsonElement? List(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement list)
            && list.ValueKind == JsonValueKind.Array ? list : null;

    // Numbers as they are written: no double comes in between.
    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!.Trim(),
                JsonValueKind.Number => value.GetRawText(),
                _ => "",
            }
            : "";

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            throw new FormatException("It is neither JSON nor a table.");
        }
    }
}
