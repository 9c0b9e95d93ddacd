using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>Makes plans from an account as it is, at the prices of now. Nothing is stored by this.</summary>
public sealed class RebalanceDrafts(HoldingGenerations holdings, PlanPrices prices, FxRates rates, TimeProvider time)
{
    /// <summary>How long an owner may think, and how long a plan of the night waits.</summary>
    public static readonly TimeSpan OwnersTime = TimeSpan.FromMinutes(15);

    public static readonly TimeSpan NightsTime = TimeSpan.FromHours(18);

    /// <summary>A price that has moved further since then makes a plan out of date.</summary>
    public const decimal PriceTolerance = 0.005m;

    /// <exception cref="ProblemException">unknown_portfolio, plan_unavailable.</exception>
    internal async Task<PlanDocument> MakeAsync(
        string account, TargetsDocument targets, PlanTrigger trigger, CancellationToken cancellationToken)
    {
        var (head, held) = await ReadAsync(account, cancellationToken);
        RebalanceRules rules = targets.Targets.Rules;
        Dictionary<string, string?> exchanges = held.Where(IsOpen)
            .ToDictionary(holding => holding.Position.Symbol, holding => holding.Exchange, StringComparer.Ordinal);
        HoldingDocument[] owed = [.. held.Where(one => one.Position.IsShort)];
        if (owed.Where(one => rules.Targets.ContainsKey(one.Position.Symbol)).Select(one => one.Position.Symbol).ToArray()
            is { Length: > 0 } wanted)
        {
            throw Unavailable("held_short", "Symbols with a target are owed: buy them back first.", wanted);
        }

        // Where cash counts it is kept for what buying them back would cost.
        foreach (HoldingDocument one in head.Data.TracksCash ? owed : [])
        {
            exchanges[one.Position.Symbol] = one.Exchange;
        }

        foreach (string symbol in rules.Targets.Keys)
        {
            exchanges.TryAdd(symbol, held.FirstOrDefault(one => one.Position.Symbol == symbol)?.Exchange);
        }

        string currency = head.Data.Currency;
        IReadOnlyDictionary<string, PlanPrice> known = await prices.ReadAsync(
            exchanges.Select(pair => (pair.Key, pair.Value)), currency, cancellationToken);
        string[] missing = [.. exchanges.Keys.Where(symbol => !known.ContainsKey(symbol)).Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
        {
            throw Unavailable("missing_price", "Some symbols have no price, or no rate into the account's currency.", missing);
        }

        long cash = head.Data.TracksCash ? await CashAsync(head, cancellationToken) : 0;
        DateTimeOffset now = time.GetUtcNow();
        RebalancePlan plan = Plan(held, known, cash, currency, rules, DateOnly.FromDateTime(now.UtcDateTime));
        RebalancePlanView view = new(
            Ids.New(RebalancePlanView.Prefix, time), account, PlanState.Open, trigger, currency,
            known.Values.Select(price => (DateTimeOffset?)price.AsOf).Min(), now,
            now + (trigger == PlanTrigger.Owner ? OwnersTime : NightsTime), rules,
            [.. known.Values.OrderBy(price => price.Symbol, StringComparer.Ordinal)], plan, null, []);
        return new(view.Id, account, PlanState.Open, PrintOf(head, held), targets.At, view, exchanges, null, []);
    }

    /// <summary>Null, or what makes a plan out of date: <c>expired</c>, <c>holdings</c>, <c>prices</c> or <c>targets</c>.</summary>
    internal async Task<string?> FaultAsync(
        PlanDocument plan, DateTimeOffset? targetsAt, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() >= plan.Plan.ExpiresAt)
        {
            return "expired";
        }

        if (targetsAt != plan.TargetsAt)
        {
            return "targets";
        }

        var (head, held) = await ReadAsync(plan.Account, cancellationToken);
        if (PrintOf(head, held) != plan.Print)
        {
            return "holdings";
        }

        IReadOnlyDictionary<string, PlanPrice> known = await prices.ReadAsync(
            plan.Exchanges.Select(pair => (pair.Key, pair.Value)), plan.Plan.Currency, cancellationToken);
        return plan.Plan.Prices.All(then => known.TryGetValue(then.Symbol, out PlanPrice? now)
            && Math.Abs(now.Price - then.Price) <= then.Price * PriceTolerance) ? null : "prices";
    }

    /// <summary>When all of a plan's orders can trade.</summary>
    internal DateTimeOffset TradesAt(PlanDocument plan, DateTimeOffset now) => plan.Plan.Plan.Orders
        .Select(order => prices.NextTrade(order.Symbol, plan.Exchanges.GetValueOrDefault(order.Symbol), now))
        .DefaultIfEmpty(now).Max();

    internal static ProblemException Unavailable(string reason, string detail, IReadOnlyList<string> symbols) =>
        Problems.PlanUnavailable.With(
            detail, new Dictionary<string, object?> { ["reason"] = reason, ["symbols"] = symbols.Take(100).ToArray() });

    private static RebalancePlan Plan(
        IReadOnlyList<HoldingDocument> held, IReadOnlyDictionary<string, PlanPrice> known, long cash, string currency,
        RebalanceRules rules, DateOnly today)
    {
        Dictionary<string, decimal> owed = held.Where(one => one.Position.IsShort && known.ContainsKey(one.Position.Symbol))
            .ToDictionary(one => one.Position.Symbol, one => -one.Position.Quantity, StringComparer.Ordinal);
        Dictionary<string, IReadOnlyList<Lot>> lots = held.Where(IsOpen)
            .ToDictionary(holding => holding.Position.Symbol, holding => holding.Position.Lots, StringComparer.Ordinal);
        try
        {
            long debt = owed.Sum(one => MinorUnits.Of(one.Value * known[one.Key].Price, currency));
            return Rebalancing.Plan(
                [.. known.Values.Where(price => !owed.ContainsKey(price.Symbol)).Select(price => new RebalanceHolding(
                    price.Symbol, price.Price, lots.GetValueOrDefault(price.Symbol) ?? []))],
                cash, currency, rules with { CashKept = rules.CashKept + debt }, today);
        }
        catch (OverflowException)
        {
            throw Unavailable("too_large", "The account's numbers are too large to plan with.", []);
        }
    }

    private async Task<(AccountDocument Head, IReadOnlyList<HoldingDocument> Held)> ReadAsync(
        string account, CancellationToken cancellationToken) =>
        await holdings.ReadAsync(account, cancellationToken) ?? throw AccountWork.Unknown();

    private async Task<long> CashAsync(AccountDocument head, CancellationToken cancellationToken)
    {
        long sum = 0;
        foreach ((string currency, long amount) in head.Cash.Where(pair => pair.Value != 0))
        {
            LiveRate rate = await rates.NowAsync(currency, head.Data.Currency, cancellationToken)
                ?? throw Unavailable("missing_rate", $"There is no rate from {currency}.", []);
            sum += MinorUnits.TryOf(MinorUnits.ToDecimal(amount, currency) * rate.Rate, head.Data.Currency)
                ?? throw Unavailable("too_large", "There is too much cash to plan with.", []);
        }

        return sum;
    }

    private static bool IsOpen(HoldingDocument holding) => holding.Position.Quantity > 0;

    /// <summary>The same for as long as nothing was booked or recorded.</summary>
    private static string PrintOf(AccountDocument head, IReadOnlyList<HoldingDocument> held)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{head.Sequence}|{head.Data.TracksCash}");
        foreach ((string currency, long amount) in head.Cash.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"|{currency}{amount}");
        }

        foreach (Lot lot in held.OrderBy(one => one.Position.Symbol, StringComparer.Ordinal).SelectMany(one => one.Position.Lots))
        {
            text.Append(CultureInfo.InvariantCulture, $"|{lot.Id}:{ExactNumbers.Trim(lot.Quantity)}:{lot.Cost.Account}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
