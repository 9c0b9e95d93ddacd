namespace FinVault.Portfolios;

/// <summary>A symbol while a plan is made.</summary>
internal sealed class RebalanceAsset(RebalanceHolding holding, long value, long wanted, decimal target)
{
    public RebalanceHolding Holding => holding;

    public long Value => value;

    /// <summary>What it should be worth; minor units.</summary>
    public long Wanted => wanted;

    public decimal Target => target;

    public RebalanceOrder? Order { get; set; }

    /// <summary>Why it was not traded as far as it should.</summary>
    public string? Obstacle { get; set; }
}

/// <summary>A plan in the making: keeps the cash right to the minor unit whatever is ordered.</summary>
internal sealed class RebalanceDraft
{
    private readonly string _currency;
    private readonly RebalanceRules _rules;
    private readonly DateOnly _today;
    private readonly long _cashBefore;

    public RebalanceDraft(
        IReadOnlyList<RebalanceHolding> holdings, long cash, string currency, RebalanceRules rules, DateOnly today)
    {
        (_currency, _rules, _today, _cashBefore) = (currency, rules, today, cash);
        long[] values = [.. holdings.Select(holding => Amount(holding.Quantity, holding))];
        Spendable = cash - rules.CashKept;
        Total = values.Sum() + Spendable;
        Assets =
        [
            .. holdings.Select((holding, i) =>
            {
                decimal target = rules.Targets.GetValueOrDefault(holding.Symbol);
                return new RebalanceAsset(holding, values[i], (long)Math.Floor(Math.Max(0, Total) * target), target);
            }).OrderBy(asset => asset.Holding.Symbol, StringComparer.Ordinal),
        ];
    }

    public IReadOnlyList<RebalanceAsset> Assets { get; }

    public long Total { get; }

    /// <summary>Cash above what is kept; less than 0 when what is kept is not there.</summary>
    public long Spendable { get; private set; }

    public bool IsOutside(RebalanceAsset asset) =>
        Math.Abs(Weight(asset.Value) - asset.Target) > _rules.Band || (asset.Target == 0 && asset.Value > 0);

    /// <summary>What it would cost to buy all that is wanting, with the fee.</summary>
    public long CostOfWanted(RebalanceAsset asset) => asset.Wanted - asset.Value is var amount and > 0 ? amount + Fee(amount) : 0;

    /// <summary>The sale that brings an amount after its fee, and a unit more, so that rounding down does not miss it.</summary>
    public long SaleFor(long missing, RebalanceAsset asset) =>
        (long)Math.Ceiling(missing / (1 - _rules.FeeRate)) + Amount(_rules.Step, asset.Holding) + 1;

    /// <summary>Tax for a minor unit sold, by the lots that would be sold first.</summary>
    public decimal TaxRate(RebalanceAsset asset) =>
        InOrder(asset.Holding).Select(lot => TaxOfUnit(asset.Holding, lot) / asset.Holding.Price).FirstOrDefault();

    public void Sell(RebalanceAsset asset, long amount)
    {
        RebalanceHolding holding = asset.Holding;
        decimal all = holding.Quantity;
        decimal quantity = asset.Target == 0 ? all : Math.Min(all, Steps(Units(amount, holding)));
        if (Refuse(asset, quantity, Amount(quantity, holding)) || quantity <= 0)
        {
            return;
        }

        (long worth, long fee) = (Amount(quantity, holding), Fee(Amount(quantity, holding)));
        (List<LotPick> picks, long shortTerm, long longTerm) = Pick(holding, quantity, worth - fee);
        Spendable += worth - fee;
        asset.Order = new(
            holding.Symbol, OrderSide.Sell, quantity, holding.Price, worth, fee, worth - fee, picks, shortTerm, longTerm);
    }

    public void Buy(RebalanceAsset asset, long amount)
    {
        RebalanceHolding holding = asset.Holding;
        decimal affordable = Math.Max(0, Spendable) / (1 + _rules.FeeRate);
        decimal quantity = Steps(Units(Math.Min(amount, affordable), holding));
        while (quantity > 0 && Cost(quantity, holding) > Spendable)
        {
            quantity -= _rules.Step; // the amount's and the fee's rounding
        }

        asset.Obstacle = amount > affordable ? "There is not enough cash." : null;
        if (Refuse(asset, quantity, Amount(Math.Max(0, quantity), holding)) || quantity <= 0)
        {
            return;
        }

        (long worth, long fee) = (Amount(quantity, holding), Fee(Amount(quantity, holding)));
        Spendable -= worth + fee;
        asset.Order = new(holding.Symbol, OrderSide.Buy, quantity, holding.Price, worth, fee, -worth - fee, [], 0, 0);
    }

    public RebalancePlan Finish()
    {
        RebalanceOrder[] orders =
        [
            .. Assets.Select(asset => asset.Order).OfType<RebalanceOrder>().OrderByDescending(order => order.Side),
        ];
        return new(
            Total, _cashBefore, _cashBefore + orders.Sum(order => order.Cash), orders, [.. Assets.Select(Line)],
            orders.Sum(order => order.Fee), Tax(orders));
    }

    /// <summary>Losses of one term lower the gains of the other; what remains below 0 is taxed with nothing.</summary>
    private long Tax(IReadOnlyCollection<RebalanceOrder> orders)
    {
        (long shorter, long longer) = (orders.Sum(order => order.ShortTermGain), orders.Sum(order => order.LongTermGain));
        (shorter, longer) = (shorter < 0 || longer < 0) && shorter + longer is var both
            ? (both > 0 && shorter > 0 ? both : 0, both > 0 && shorter <= 0 ? both : 0)
            : (shorter, longer);
        return (long)Math.Round(
            (shorter * _rules.ShortTermTax) + (longer * _rules.LongTermTax), MidpointRounding.ToEven);
    }

    private RebalanceLine Line(RebalanceAsset asset)
    {
        decimal traded = asset.Order is { } order ? order.Quantity * (order.Side == OrderSide.Buy ? 1 : -1) : 0;
        decimal after = Weight(Amount(asset.Holding.Quantity + traded, asset.Holding));
        bool within = Math.Abs(after - asset.Target) <= _rules.Band;
        return new(
            asset.Holding.Symbol, Weight(asset.Value), asset.Target, after, within,
            within ? null : asset.Obstacle ?? "A step of its quantity is too large.");
    }

    private bool Refuse(RebalanceAsset asset, decimal quantity, long amount)
    {
        if (quantity > 0 && amount < _rules.MinimumTrade)
        {
            asset.Obstacle = "The trade is below the least that is worth placing.";
            return true;
        }

        return false;
    }

    private (List<LotPick> Picks, long ShortTerm, long LongTerm) Pick(RebalanceHolding holding, decimal quantity, long net)
    {
        List<(Lot Lot, decimal Quantity)> taken = [];
        foreach (Lot lot in InOrder(holding))
        {
            decimal part = Math.Min(lot.Quantity, quantity - taken.Sum(one => one.Quantity));
            if (part > 0)
            {
                taken.Add((lot, part));
            }
        }

        long[] shares = Portions.Split(net, [.. taken.Select(one => one.Quantity)]);
        (long shortTerm, long longTerm) = (0, 0);
        foreach (((Lot lot, decimal part), long share) in taken.Zip(shares))
        {
            long gain = share - lot.Cost.Share(part, lot.Quantity).Account;
            (shortTerm, longTerm) = IsLongTerm(lot) ? (shortTerm, longTerm + gain) : (shortTerm + gain, longTerm);
        }

        return ([.. taken.Select(one => new LotPick(one.Lot.Id, one.Quantity))], shortTerm, longTerm);
    }

    private IEnumerable<Lot> InOrder(RebalanceHolding holding) => _rules.IsTaxAware
        ? holding.Lots.OrderBy(lot => TaxOfUnit(holding, lot))
        : holding.Lots;

    /// <summary>Below 0 for a loss: what it saves.</summary>
    private decimal TaxOfUnit(RebalanceHolding holding, Lot lot) =>
        (holding.Price - (MinorUnits.ToDecimal(lot.Cost.Account, _currency) / lot.Quantity))
        * (IsLongTerm(lot) ? _rules.LongTermTax : _rules.ShortTermTax);

    private bool IsLongTerm(Lot lot) => _today > DateOnly.FromDateTime(lot.AcquiredAt.UtcDateTime).AddYears(1);

    private decimal Weight(long value) => Total > 0 ? (decimal)value / Total : 0;

    private long Amount(decimal quantity, RebalanceHolding holding) => MinorUnits.Of(quantity * holding.Price, _currency);

    private long Fee(long amount) => (long)Math.Ceiling(amount * _rules.FeeRate);

    private long Cost(decimal quantity, RebalanceHolding holding) =>
        Amount(quantity, holding) + Fee(Amount(quantity, holding));

    private decimal Units(decimal amount, RebalanceHolding holding) =>
        amount / MinorUnits.Of(1, _currency) / holding.Price;

    private decimal Steps(decimal quantity) => Math.Floor(quantity / _rules.Step) * _rules.Step;
}
