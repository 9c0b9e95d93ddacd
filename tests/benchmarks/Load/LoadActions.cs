using System.Text.Json;

namespace FinVault.Benchmarks.Load;

/// <summary>Something that a user looks at, and how often in comparison with the others.</summary>
internal sealed record LoadAction(string Route, int Weight, Func<Random, string> Path);

/// <summary>What users do: mostly boards, then charts, giveaways, and what is their own where they have signed in.</summary>
internal sealed class LoadActions
{
    private const int QuotesAtOnce = 50;

    private readonly IReadOnlyList<LoadAction> _all;
    private readonly int _weights;

    public LoadActions(IReadOnlyList<LoadAction> all) => (_all, _weights) = (all, all.Sum(one => one.Weight));

    /// <summary>For live connections.</summary>
    public IReadOnlyList<string> Symbols { get; private init; } = [];

    /// <summary>An action, by its weight.</summary>
    public LoadAction Pick(Random random)
    {
        int at = random.Next(_weights);
        foreach (LoadAction action in _all)
        {
            at -= action.Weight;
            if (at < 0)
            {
                return action;
            }
        }

        return _all[^1];
    }

    /// <summary>Looks what is there: symbols, giveaways, portfolios.</summary>
    /// <param name="http">Asks.</param>
    /// <param name="caller">In whose name.</param>
    /// <param name="plan">Names giveaways.</param>
    /// <exception cref="InvalidOperationException">FinVault does not answer there.</exception>
    public static async Task<LoadActions> FindAsync(LoadHttp http, LoadCaller caller, LoadPlan plan)
    {
        LoadAnswer market = await ReadAsync("market/symbols");
        if (!market.IsGood)
        {
            throw new InvalidOperationException($"GET market/symbols is answered with {market.Status}: is FinVault there?");
        }

        string[] symbols = [.. Texts(market.Body, "symbol")];
        List<LoadAction> actions = [Fixed("market/symbols", 4)];
        if (symbols.Length > 0)
        {
            string Any(Random random) => Uri.EscapeDataString(symbols[random.Next(symbols.Length)]);
            actions.Add(new("market/quotes", 40, random => $"market/quotes?symbols={Board(symbols, random)}"));
            actions.Add(new("market/history 1d", 12, random => $"market/history/{Any(random)}"));
            actions.Add(new("market/history 1m", 8, random => $"market/history/{Any(random)}?interval=1m"));
            actions.Add(new("market/ticks", 6, random => $"market/ticks/{Any(random)}"));
        }

        string[] giveaways = [.. plan.Giveaways];
        if (caller.Token is not null)
        {
            giveaways = [.. giveaways, .. await AddOwnAsync(actions, ReadAsync)];
        }

        foreach (string id in giveaways.Distinct())
        {
            if ((await ReadAsync($"public/giveaways/{id}")).IsGood)
            {
                actions.Add(new("public/giveaways", 8, _ => $"public/giveaways/{id}"));
                actions.Add(new("public/giveaways/ranking", 3, _ => $"public/giveaways/{id}/ranking"));
            }
        }

        return new(actions) { Symbols = symbols };

        Task<LoadAnswer> ReadAsync(string path) => http.SendPatientlyAsync(caller, HttpMethod.Get, path, double.MaxValue);
    }

    /// <summary>What is one's own, as far as one may see it; ids of one's giveaways.</summary>
    private static async Task<IReadOnlyList<string>> AddOwnAsync(
        List<LoadAction> actions, Func<string, Task<LoadAnswer>> read)
    {
        foreach ((string route, int weight) in new[] { ("auth/me", 4), ("notifications/unread", 6), ("watchlists", 2), ("alerts", 2) })
        {
            if ((await read(route)).IsGood)
            {
                actions.Add(Fixed(route, weight));
            }
        }

        LoadAnswer portfolios = await read("portfolios");
        if (portfolios.IsGood)
        {
            actions.Add(Fixed("portfolios", 8));
            string[] accounts =
            [
                .. portfolios.Body.GetProperty("accounts").EnumerateArray()
                    .Select(one => one.GetProperty("account").GetProperty("id").GetString()!),
            ];
            if (accounts.Length > 0)
            {
                string Any(Random random) => accounts[random.Next(accounts.Length)];
                actions.Add(new("portfolios/holdings", 10, random => $"portfolios/{Any(random)}/holdings"));
                actions.Add(new("portfolios/performance", 4, random => $"portfolios/{Any(random)}/performance"));
            }
        }

        LoadAnswer giveaways = await read("giveaways");
        return giveaways.IsGood ? [.. Texts(giveaways.Body, "id")] : [];
    }

    // A page of a board: neighbours by name, as boards show them.
    private static string Board(string[] symbols, Random random)
    {
        int from = symbols.Length <= QuotesAtOnce ? 0 : random.Next(symbols.Length - QuotesAtOnce);
        return Uri.EscapeDataString(string.Join(',', symbols.Skip(from).Take(QuotesAtOnce)));
    }

    private static LoadAction Fixed(string route, int weight) => new(route, weight, _ => route);

    private static IEnumerable<string> Texts(JsonElement page, string name) =>
        page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty(name).GetString()!);
}
