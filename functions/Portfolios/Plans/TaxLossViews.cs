using System.Globalization;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// Losses worth taking and sales to try, over all accounts of a user: a purchase in one account takes away the loss in
/// another. A view is kept for an hour (PF-22), computed anew each night, and dropped by whatever changes an account.
/// </summary>
public sealed class TaxLossViews(
    PortfolioStore accounts, TaxLossStore store, PlanPrices prices, FxRates rates, TimeProvider time)
{
    private const int MaxItems = 1_000;
    private const int MaxSales = 100;
    private const string NoAccountsCurrency = "INR";

    /// <summary>A user's view, an hour old at most.</summary>
    internal async Task<TaxLossView> ReadAsync(string tenant, string owner, CancellationToken cancellationToken)
    {
        TaxLossDocument? kept = await store.FindAsync(tenant, owner, cancellationToken);
        return kept is not null && time.GetUtcNow() - kept.View.ComputedAt < CacheLives.TaxLoss
            ? kept.View
            : await ComputeAsync(tenant, owner, kept?.Night ?? "", cancellationToken);
    }

    /// <summary>Computes the view for a night; false when that night did already.</summary>
    internal async Task<bool> NightAsync(string tenant, string owner, string night, CancellationToken cancellationToken)
    {
        if ((await store.FindAsync(tenant, owner, cancellationToken))?.Night == night)
        {
            return false;
        }

        await ComputeAsync(tenant, owner, night, cancellationToken);
        return true;
    }

    /// <exception cref="ProblemException">invalid_request, lot_not_open, plan_unavailable.</exception>
    internal async Task<WhatIfAnswer> TryAsync(
        string tenant, string owner, IReadOnlyList<WhatIfSale> sales, CancellationToken cancellationToken)
    {
        if (sales.Count is 0 or > MaxSales || sales.Any(sale => sale.Price is <= 0 or > 1_000_000_000))
        {
            throw Problems.InvalidRequest.With($"There are 1 to {MaxSales} sales, at prices above 0.");
        }

        Gathered all = await GatherAsync(tenant, owner, cancellationToken);
        List<TrialSale> trials = [];
        foreach (WhatIfSale sale in sales)
        {
            WashLot lot = all.Lots.FirstOrDefault(one =>
                one.Sold is null && one.Account == sale.Account && one.Id == sale.Lot && sale.Quantity <= one.Quantity) ?? throw NotOpen();
            decimal price = sale.Price ?? all.Prices.GetValueOrDefault(lot.Symbol)?.Price
                ?? throw RebalanceDrafts.Unavailable("missing_price", "A lot has no price; tell one.", [lot.Symbol]);
            long proceeds = MinorUnits.TryOf(Math.Max(0, sale.Quantity) * price, all.Currency)
                ?? throw RebalanceDrafts.Unavailable("too_large", "A sale is too large to try.", [lot.Symbol]);
            trials.Add(new(sale.Account, sale.Lot, sale.Quantity, proceeds));
        }

        HashSet<string> concerned = [.. trials.Select(sale => all.Lots.First(lot => lot.Id == sale.Lot).Symbol)];
        TaxLossTrial trial = TaxLosses.Try([.. all.Lots.Where(lot => concerned.Contains(lot.Symbol))], trials, Today()) ?? throw NotOpen();
        return new(
            all.Currency, trial.Gain, trial.Disallowed, trial.Deductible, trial.ShortTerm, trial.LongTerm,
            [.. trial.Replacements.Select(AdjustedLot.Of)]);
    }

    private async Task<TaxLossView> ComputeAsync(
        string tenant, string owner, string night, CancellationToken cancellationToken)
    {
        Gathered all = await GatherAsync(tenant, owner, cancellationToken);
        ILookup<string, WashLot> bySymbol = all.Lots.ToLookup(lot => lot.Symbol, StringComparer.Ordinal);
        TaxLossItem[] items =
        [
            .. TaxLosses.Find(all.Lots, all.Currency, symbol => all.Prices.GetValueOrDefault(symbol)?.Price, Today())
                .Take(MaxItems).Select(found => Item(found, [.. bySymbol[found.Symbol]], all)),
        ];
        TaxLossGap[] gaps =
        [
            .. all.Unrated.Select(symbol => new TaxLossGap(symbol, "missing_rate")),
            .. bySymbol.Where(symbol => symbol.Any(lot => lot.Sold is null) && !all.Prices.ContainsKey(symbol.Key))
                .Select(symbol => new TaxLossGap(symbol.Key, "missing_price")),
        ];
        TaxLossView view = new(
            all.Currency, time.GetUtcNow(), items,
            [.. WashSales.Apply(all.Lots).Where(lot => lot.Replaces is not null).Take(MaxItems).Select(AdjustedLot.Of)],
            [.. gaps.Take(MaxItems)]);
        await store.KeepAsync(new(TaxLossDocument.PartitionOf(tenant, owner), view, night), cancellationToken);
        return view;
    }

    private TaxLossItem Item(TaxLossOpportunity found, IReadOnlyList<WashLot> ofSymbol, Gathered all)
    {
        PlanPrice price = all.Prices[found.Symbol];
        WashLot lot = ofSymbol.First(one => one.Sold is null && one.Account == found.Account && one.Id == found.Lot);
        TaxLossTrial trial = TaxLosses.Try(
            ofSymbol, [new(lot.Account, lot.Id, lot.Quantity, lot.Cost - found.UnrealizedLoss)], Today())!;
        return new(
            found.Account, found.Symbol, found.Lot, found.Quantity, found.PurchasePrice, found.CurrentPrice, price.AsOf, price.Stale,
            found.UnrealizedLoss, found.PurchaseDate, found.IsLongTerm, found.Disallowed, found.UnrealizedLoss - found.Disallowed,
            found.BuyAgainFrom, found.ClearFrom, [.. trial.Replacements.Select(AdjustedLot.Of)], Explain(found, all.Currency));
    }

    private static string Explain(TaxLossOpportunity found, string currency)
    {
        string Money(long minor) => string.Create(
            CultureInfo.InvariantCulture, $"{MinorUnits.ToDecimal(minor, currency):0.00######} {currency}");
        string told = string.Create(
            CultureInfo.InvariantCulture,
            $"{found.PurchasePrice:0.########} paid is more than 1.05 × {found.CurrentPrice:0.########}: selling"
            + $" {found.Quantity:0.########} would realise a loss of {Money(found.UnrealizedLoss)}. ");
        string wash = found.ReplacedBy.Count == 0
            ? "Nothing was bought within the last 30 days in any account, so all of it counts"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Money(found.Disallowed)} of it would not count, as {found.ReplacedBy.Count} purchase(s) within the last"
                + $" 30 days replace what is sold, and would be added to their cost; from {found.ClearFrom:yyyy-MM-dd} none does");
        return string.Create(
            CultureInfo.InvariantCulture, $"{told}{wash}. Sold today, buy again from {found.BuyAgainFrom:yyyy-MM-dd}.");
    }

    private async Task<Gathered> GatherAsync(string tenant, string owner, CancellationToken cancellationToken)
    {
        List<WashLot> lots = [];
        Dictionary<string, string?> open = new(StringComparer.Ordinal);
        Dictionary<(string From, DateOnly Day), FxQuote?> known = [];
        HashSet<string> unrated = new(StringComparer.Ordinal);
        string? currency = null;
        foreach (string account in await accounts.AccountsOfAsync(tenant, owner, cancellationToken))
        {
            if (await accounts.FindAccountAsync(account, cancellationToken) is not { Document.Data: var data })
            {
                continue;
            }

            currency ??= data.Currency;
            List<PortfolioTransaction> all = await accounts.TransactionsAsync(account, null, cancellationToken);
            LotHistory history = LotHistory.Replay(all, LotRules.Of(data));
            foreach (WashLot lot in WashLot.Of(account, history.Closed, history.Positions.Values))
            {
                if (await InAsync(lot, data.Currency, currency, known, cancellationToken) is { } same)
                {
                    lots.Add(same);
                }
                else
                {
                    unrated.Add(lot.Symbol);
                }
            }

            foreach (string symbol in history.Positions.Where(pair => pair.Value.Quantity > 0).Select(pair => pair.Key))
            {
                open[symbol] = all.LastOrDefault(t => t.Symbol == symbol && t.Exchange is not null)?.Exchange
                    ?? open.GetValueOrDefault(symbol);
            }
        }

        // Half of a symbol's lots would tell a false wash-sale check.
        lots.RemoveAll(lot => unrated.Contains(lot.Symbol));
        currency ??= NoAccountsCurrency;
        return new(
            currency, lots, await prices.ReadAsync(open.Select(pair => (pair.Key, pair.Value)), currency, cancellationToken), unrated);
    }

    private async Task<WashLot?> InAsync(
        WashLot lot, string from, string to, Dictionary<(string From, DateOnly Day), FxQuote?> known,
        CancellationToken cancellationToken)
    {
        if (from == to)
        {
            return lot;
        }

        async Task<long?> ConvertAsync(long amount, DateOnly day)
        {
            if (!known.TryGetValue((from, day), out FxQuote? quote))
            {
                known[(from, day)] = quote = await rates.OnAsync(from, to, day, cancellationToken);
            }

            return quote is null ? null : MinorUnits.TryOf(MinorUnits.ToDecimal(amount, from) * quote.Rate, to);
        }

        return await ConvertAsync(lot.Cost, lot.Acquired) is { } cost
            && (lot.Sold is { } sold ? await ConvertAsync(lot.Proceeds, sold) : 0) is { } proceeds
                ? lot with { Cost = cost, Proceeds = proceeds }
                : null;
    }

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private static ProblemException NotOpen() =>
        Problems.LotNotOpen.With("A lot is not open in that account, or less of it is, or it is sold twice.");

    private sealed record Gathered(
        string Currency, IReadOnlyList<WashLot> Lots, IReadOnlyDictionary<string, PlanPrice> Prices,
        IReadOnlyCollection<string> Unrated);
}
