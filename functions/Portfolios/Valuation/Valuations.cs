using FinVault.Identity;
using FinVault.Market.Calendar;
using FinVault.Market.Live;
using FinVault.Market.Read;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>An account with its holdings, valued.</summary>
internal sealed record ValuedAccount(
    AccountDocument Document, IReadOnlyList<HoldingView> Holdings, AccountSummary Summary)
{
    public PortfolioAccount Account => Document.Data;
}

/// <summary>An account with its holdings, kept in memory.</summary>
internal sealed record LoadedAccount(AccountDocument Head, IReadOnlyList<HoldingDocument> Holdings);

/// <summary>
/// Accounts at the prices of now, in two reads however much they hold: the account with its holdings, and the boards,
/// which are cached (PF-03). Exchange rates come from a cache of their own.
/// </summary>
public sealed class Valuations(
    HoldingGenerations holdings, PortfolioStore store, BoardReader boards, Exchanges exchanges, FxRates rates)
{
    private const string DefaultCurrency = "INR";

    /// <exception cref="ProblemException">unknown_portfolio.</exception>
    internal async Task<ValuedAccount> ReadAsync(CurrentUser user, string account, CancellationToken cancellationToken)
    {
        Task<BoardSnapshot> prices = boards.ReadAsync(cancellationToken);
        ValuedAccount? found = Ids.IsValid(account, PortfolioAccount.Prefix)
            ? await ValueAsync(account, new(await prices, exchanges), cancellationToken)
            : null;
        await prices;
        return found is not null && AccountWork.IsOf(user, found.Account) ? found : throw AccountWork.Unknown();
    }

    /// <summary>A holding with its lots, and those that were sold.</summary>
    /// <exception cref="ProblemException">unknown_portfolio, unknown_holding.</exception>
    internal async Task<HoldingDetail> ReadAsync(
        CurrentUser user, string account, string symbol, CancellationToken cancellationToken)
    {
        if (!Ids.IsValid(account, PortfolioAccount.Prefix)
            || await store.FindAccountAsync(account, cancellationToken) is not { Document: var head }
            || !AccountWork.IsOf(user, head.Data))
        {
            throw AccountWork.Unknown();
        }

        HoldingDocument? held = TransactionRules.IsSymbol(symbol)
            ? await store.FindHoldingAsync(head, symbol, cancellationToken)
            : null;
        if (held is null)
        {
            throw Problems.UnknownHolding.With("The account never held it.");
        }

        PriceBook prices = new(await boards.ReadAsync(cancellationToken), exchanges);
        MarketFacts facts = await FactsAsync(held, head.Data, prices, [], cancellationToken);
        LotHistory history = LotHistory.Replay(
            await store.TransactionsAsync(account, symbol, cancellationToken), LotRules.Of(head.Data));
        return new(
            HoldingValuation.Of(held, head.Data, facts),
            [.. held.Position.Lots.Select(lot => HoldingValuation.Of(lot, held.Position.Currency, head.Data, facts))],
            [.. history.Closed.Select(HoldingValuation.Of)]);
    }

    /// <summary>All of a user's accounts, and their total in a currency.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="currency">ISO 4217; null for that of the first account.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PortfolioOverview> ReadAllAsync(
        CurrentUser user, string? currency, CancellationToken cancellationToken)
    {
        PriceBook prices = new(await boards.ReadAsync(cancellationToken), exchanges);
        IReadOnlyList<string> ids = await store.AccountsOfAsync(user.TenantId, user.UserId, cancellationToken);
        ValuedAccount?[] found =
            await Task.WhenAll(ids.Select(id => ValueAsync(id, prices, cancellationToken)));
        AccountSummary[] accounts = [.. found.OfType<ValuedAccount>().Select(account => account.Summary)];
        return new(
            accounts,
            await TotalAsync(accounts, currency ?? accounts.FirstOrDefault()?.Account.Currency ?? DefaultCurrency, cancellationToken));
    }

    /// <summary>The prices and rates that one holding needs.</summary>
    /// <param name="holding">Which.</param>
    /// <param name="account">Its account.</param>
    /// <param name="prices">Of now.</param>
    /// <param name="known">Rates that were asked for already.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<MarketFacts> FactsAsync(
        HoldingDocument holding, PortfolioAccount account, PriceBook prices,
        Dictionary<(string From, string To), LiveRate?> known, CancellationToken cancellationToken)
    {
        if (prices.Find(holding) is not ({ } price, { } exchange))
        {
            return MarketFacts.None;
        }

        return MarketFacts.Of(
            holding.Position, exchange, price,
            await RateAsync(known, price.Currency, holding.Position.Currency, cancellationToken),
            await RateAsync(known, price.Currency, account.Currency, cancellationToken));
    }

    /// <summary>A user's accounts, to be valued again and again without a read.</summary>
    internal async Task<IReadOnlyList<LoadedAccount>> LoadAsync(
        string tenant, string user, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ids = await store.AccountsOfAsync(tenant, user, cancellationToken);
        (AccountDocument Account, IReadOnlyList<HoldingDocument> Holdings)?[] found =
            await Task.WhenAll(ids.Select(id => holdings.ReadAsync(id, cancellationToken)));
        return [.. found.Where(one => one is not null).Select(one => new LoadedAccount(one!.Value.Account, one.Value.Holdings))];
    }

    /// <summary>One account, likewise; null when there is none.</summary>
    internal async Task<LoadedAccount?> LoadAsync(string account, CancellationToken cancellationToken) =>
        await holdings.ReadAsync(account, cancellationToken) is ({ } head, { } held) ? new(head, held) : null;

    /// <summary>Whether any of an account's prices has changed.</summary>
    internal bool HasTicked(LoadedAccount account, IReadOnlyDictionary<string, Quote> changed) =>
        account.Holdings.Any(holding => PriceBook.HasTicked(holding, exchanges, changed.ContainsKey));

    /// <summary>What changed quotes make of accounts.</summary>
    internal async Task<LiveUpdate> UpdateAsync(
        IReadOnlyList<LoadedAccount> accounts, IReadOnlyDictionary<string, Quote> changed, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        PriceBook prices = new(await boards.ReadAsync(cancellationToken), exchanges, changed);
        return await UpdateAsync(
            accounts, prices, holding => PriceBook.HasTicked(holding, exchanges, changed.ContainsKey), at, cancellationToken);
    }

    /// <summary>What boards make of accounts; null where nothing that they hold has changed.</summary>
    internal async Task<LiveUpdate?> UpdateAsync(
        IReadOnlyList<LoadedAccount> accounts, BoardSnapshot now, Func<string, bool> hasChanged, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        bool HasTicked(HoldingDocument holding) => PriceBook.HasTicked(holding, exchanges, hasChanged);
        return accounts.Any(account => account.Holdings.Any(HasTicked))
            ? await UpdateAsync(accounts, new PriceBook(now, exchanges), HasTicked, at, cancellationToken)
            : null;
    }

    private async Task<LiveUpdate> UpdateAsync(
        IReadOnlyList<LoadedAccount> accounts, PriceBook prices, Func<HoldingDocument, bool> hasTicked, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        List<ValuedAccount> valued = [];
        List<LiveHolding> ticked = [];
        foreach (LoadedAccount account in accounts)
        {
            ValuedAccount one = await ValueAsync(account.Head, account.Holdings, prices, cancellationToken);
            valued.Add(one);
            ticked.AddRange(account.Holdings.Zip(one.Holdings).Where(pair => hasTicked(pair.First))
                .Select(pair => new LiveHolding(account.Head.Account, pair.Second)));
        }

        PortfolioTotal total = await TotalAsync(
            [.. valued.Select(one => one.Summary)], accounts[0].Head.Data.Currency, cancellationToken);
        AccountSummary[] touched =
            [.. valued.Where(one => ticked.Exists(t => t.Account == one.Account.Id)).Select(one => one.Summary)];
        return new(at, total, touched, ticked);
    }

    private async Task<ValuedAccount?> ValueAsync(
        string account, PriceBook prices, CancellationToken cancellationToken) =>
        await holdings.ReadAsync(account, cancellationToken) is ({ } head, { } held)
            ? await ValueAsync(head, held, prices, cancellationToken)
            : null;

    private async Task<ValuedAccount> ValueAsync(
        AccountDocument head, IReadOnlyList<HoldingDocument> held, PriceBook prices, CancellationToken cancellationToken)
    {
        Dictionary<(string From, string To), LiveRate?> known = [];
        HoldingView[] views = new HoldingView[held.Count];
        for (int i = 0; i < views.Length; i++)
        {
            MarketFacts facts = await FactsAsync(held[i], head.Data, prices, known, cancellationToken);
            views[i] = HoldingValuation.Of(held[i], head.Data, facts);
        }

        List<CashView> cash = [];
        foreach ((string currency, long amount) in head.Cash.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            LiveRate? rate = await RateAsync(known, currency, head.Data.Currency, cancellationToken);
            cash.Add(new(currency, amount, Convert(MoneyFigure.Of(amount), currency, head.Data.Currency, rate)));
        }

        return new(head, views, AccountSummary.Of(head.Data, views, cash) with { Records = head.Sequence });
    }

    internal async Task<PortfolioTotal> TotalAsync(
        IReadOnlyList<AccountSummary> accounts, string currency, CancellationToken cancellationToken)
    {
        Dictionary<string, LiveRate?> into = [];
        foreach (string from in accounts.Select(one => one.Account.Currency).Distinct())
        {
            into[from] = await rates.NowAsync(from, currency, cancellationToken);
        }

        return PortfolioTotal.Of(accounts, currency, into);
    }

    private async Task<LiveRate?> RateAsync(
        Dictionary<(string From, string To), LiveRate?> known, string from, string to, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue((from, to), out LiveRate? rate))
        {
            known[(from, to)] = rate = await rates.NowAsync(from, to, cancellationToken);
        }

        return rate;
    }

    internal static MoneyFigure Convert(MoneyFigure figure, string from, string to, LiveRate? rate) =>
        figure.Amount is null or 0 ? figure
        : rate is null ? MoneyFigure.Unknown(UnavailableReason.MissingRate)
        : MinorUnits.TryOf(MinorUnits.ToDecimal(figure.Amount.Value, from) * rate.Rate, to) is { } amount ? MoneyFigure.Of(amount)
        : MoneyFigure.Unknown(UnavailableReason.TooLarge);
}
