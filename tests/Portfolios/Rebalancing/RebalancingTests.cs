using FinVault.Portfolios;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Portfolios.Rebalancing;

/// <summary>Plans that can be checked by hand, and what holds of every plan.</summary>
public sealed class RebalancingTests
{
    private static readonly DateOnly Today = new(2024, 6, 15);
    private static readonly RebalanceRules Halves = new(new Dictionary<string, decimal> { ["A"] = 0.5m, ["B"] = 0.5m });

    [Fact]
    public void Account_WithinItsBands_IsLeftAlone()
    {
        RebalancePlan plan = Plan(Halves, 0, Holding("A", 100, 52), Holding("B", 100, 48));

        Assert.Empty(plan.Orders);
        Assert.True(plan.IsWithinBands);
    }

    [Fact]
    public void Account_OutsideItsBands_IsBroughtToItsTargets()
    {
        RebalancePlan plan = Plan(Halves, 1_050, Holding("A", 100, 70), Holding("B", 100, 30));

        Assert.Equal(
            [("A", OrderSide.Sell, 19m, 190_000L), ("B", OrderSide.Buy, 19m, -190_000L)],
            plan.Orders.Select(order => (order.Symbol, order.Side, order.Quantity, order.Cash)));
        Assert.Equal((1_001_050, 1_050, 1_050), (plan.Total, plan.CashBefore, plan.CashAfter));
        Assert.Equal([0.51m, 0.49m], plan.Lines.Select(line => Math.Round(line.After, 2)));
    }

    [Fact]
    public void NewCash_IsInvested_WithFractionsToTheMinorUnit()
    {
        RebalancePlan plan = Plan(
            Halves with { Step = 0.0001m, CashKept = 5_000 }, 105_000, Holding("A", 37, 1), Holding("B", 11));

        Assert.Equal(["A", "B"], plan.Orders.Select(order => order.Symbol));
        Assert.InRange(plan.CashAfter, 5_000, 5_002);
        Assert.All(plan.Lines, line => Assert.Equal(0.5m, line.After, 4));
    }

    [Fact]
    public void Sale_TakesLossesFirst_ThenWhatIsTaxedLeast_AndSaysTheTax()
    {
        Lot[] lots =
        [
            Lot("longGain", "2022-01-01", 10, 60_000), Lot("shortGain", "2024-02-01", 10, 95_000),
            Lot("loss", "2024-03-01", 10, 130_000),
        ];
        RebalancePlan plan = Plan(Halves, 0, new("A", 100, lots), Holding("B", 100));

        Assert.Equal(
            [new("loss", 10), new LotPick("shortGain", 5)], Assert.Single(plan.Orders, o => o.Side == OrderSide.Sell).Lots);
        Assert.Equal(0, plan.Tax); // 30,000 lost, 2,500 gained

        RebalancePlan oldest = Plan(Halves with { IsTaxAware = false }, 0, new("A", 100, lots), Holding("B", 100));
        Assert.Equal(["longGain", "shortGain"], oldest.Orders[0].Lots.Select(pick => pick.LotId));
        Assert.Equal((40_000 / 8) + (2_500 / 5), oldest.Tax);
    }

    [Fact]
    public void WhatHasNoTarget_IsSoldToTheLastFraction()
    {
        RebalancePlan plan = Plan(Halves, 0, Holding("A", 100, 50), Holding("B", 100, 50), Holding("C", 10, 0.37m));

        Assert.Equal(("C", 0.37m, 370L), plan.Orders.Select(order => (order.Symbol, order.Quantity, order.Cash)).Single());
    }

    [Fact]
    public void Weight_ThatCannotBeMet_SaysWhy()
    {
        RebalancePlan dear = Plan(Halves, 0, Holding("A", 100, 70), Holding("B", 90_000));
        Assert.Equal("A step of its quantity is too large.", dear.Lines[1].Reason);

        RebalancePlan small = Plan(Halves with { MinimumTrade = 1_000_000 }, 0, Holding("A", 100, 70), Holding("B", 100, 30));
        Assert.Empty(small.Orders);
        Assert.Contains("worth placing", small.Lines[0].Reason, StringComparison.Ordinal);
        Assert.Equal("There is not enough cash.", small.Lines[1].Reason);
    }

    [Fact]
    public void Rules_ThatMakeNoSense_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Plan(Halves, 0, Holding("A", 100, 1)));
        Assert.NotNull(new RebalanceRules(new Dictionary<string, decimal> { ["A"] = 1.2m }).Fault());
        Assert.NotNull((Halves with { Step = 0 }).Fault());
        Assert.Null(Halves.Fault());
    }

    [Fact]
    public void Plan_NeverSellsOrSpendsWhatIsNotThere_AndItsMoneyAddsUp() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            Random random = new(seed);
            RebalanceHolding[] holdings = [.. Enumerable.Range(0, random.Next(1, 9)).Select(i => Random(random, $"S{i}"))];
            RebalanceRules rules = Rules(random, holdings);
            long cash = random.Next(0, 5_000_000);
            RebalancePlan plan = FinVault.Portfolios.Rebalancing.Plan(holdings, cash, "INR", rules, Today);

            Assert.Equal(cash + plan.Orders.Sum(order => order.Cash), plan.CashAfter);
            Assert.True(plan.CashAfter >= Math.Min(cash, rules.CashKept));
            Assert.All(plan.Orders, order => AssertSound(order, holdings.Single(one => one.Symbol == order.Symbol), rules));
            Assert.Equal(plan.Orders.Count, plan.Orders.DistinctBy(order => order.Symbol).Count());
            Assert.All(plan.Lines, line => Assert.True(line.IsWithinBand != line.Reason is not null));
            bool wasWithin = plan.Lines.All(line =>
                Math.Abs(line.Before - line.Target) <= rules.Band && (line.Target > 0 || line.Before == 0));
            Assert.True(!wasWithin || plan.Orders.Count == 0);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Plan_WithFractionsAndNoLimits_EndsWithinItsBands() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            Random random = new(seed);
            RebalanceHolding[] holdings = [.. Enumerable.Range(0, random.Next(1, 9)).Select(i => Random(random, $"S{i}"))];
            RebalanceRules rules = Rules(random, holdings) with { Step = 0.0001m, MinimumTrade = 0, FeeRate = 0, CashKept = 0 };
            RebalancePlan plan = FinVault.Portfolios.Rebalancing.Plan(
                holdings, random.Next(1_000_000, 5_000_000), "INR", rules with { Band = 0.01m }, Today);

            Assert.True(plan.IsWithinBands);
            RebalanceHolding[] after =
            [
                .. holdings.Select(holding => holding with { Lots = After(holding, plan) }),
            ];
            Assert.Empty(FinVault.Portfolios.Rebalancing.Plan(
                after, plan.CashAfter, "INR", rules with { Band = 0.011m }, Today).Orders);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static void AssertSound(RebalanceOrder order, RebalanceHolding holding, RebalanceRules rules)
    {
        Assert.True(order.Quantity > 0 && order.Amount >= rules.MinimumTrade);
        Assert.Equal((long)Math.Round(order.Quantity * order.Price * 100, MidpointRounding.ToEven), order.Amount);
        Assert.Equal(order.Side == OrderSide.Buy ? -order.Amount - order.Fee : order.Amount - order.Fee, order.Cash);
        if (order.Side == OrderSide.Buy)
        {
            Assert.Equal(0, order.Quantity % rules.Step);
            return;
        }

        Assert.Equal(order.Quantity, order.Lots.Sum(pick => pick.Quantity));
        Assert.All(order.Lots, pick =>
            Assert.InRange(pick.Quantity, 0, holding.Lots.Single(lot => lot.Id == pick.LotId).Quantity));
        long cost = order.Lots.Sum(pick => holding.Lots.Single(lot => lot.Id == pick.LotId) is var lot
            ? lot.Cost.Share(pick.Quantity, lot.Quantity).Account : 0);
        Assert.Equal(order.Cash - cost, order.ShortTermGain + order.LongTermGain);
    }

    private static IReadOnlyList<Lot> After(RebalanceHolding holding, RebalancePlan plan)
    {
        decimal traded = plan.Orders.Where(order => order.Symbol == holding.Symbol)
            .Sum(order => order.Side == OrderSide.Buy ? order.Quantity : -order.Quantity);
        return holding.Quantity + traded is var left and > 0 ? [new("L", Trades(2024), left, default)] : [];
    }

    private static RebalanceRules Rules(Random random, RebalanceHolding[] holdings)
    {
        decimal[] parts = [.. holdings.Select(_ => (decimal)random.Next(0, 10))];
        decimal whole = Math.Max(1, parts.Sum()) * (random.Next(2) + 1);
        return new(holdings.Zip(parts).ToDictionary(one => one.First.Symbol, one => Math.Round(one.Second / whole, 3) * 0.99m))
        {
            Band = random.Next(0, 10) / 100m,
            MinimumTrade = random.Next(3) == 0 ? 50_000 : 0,
            Step = random.Next(2) == 0 ? 1 : 0.001m,
            CashKept = random.Next(3) == 0 ? 100_000 : 0,
            FeeRate = random.Next(3) == 0 ? 0.0013m : 0,
            IsTaxAware = random.Next(2) == 0,
        };
    }

    private static RebalanceHolding Random(Random random, string symbol) => new(
        symbol, random.Next(1, 500_000) / 100m,
        [
            .. Enumerable.Range(0, random.Next(0, 4)).Select(i => new Lot(
                $"L{i}", Trades(2021 + i), random.Next(1, 40_000) / 1_000m, DualAmount.Same(random.Next(0, 2_000_000)))),
        ]);

    private static DateTimeOffset Trades(int year) => new(year, 1, 2, 3, 0, 0, TimeSpan.Zero);

    private static RebalancePlan Plan(RebalanceRules rules, long cash, params RebalanceHolding[] holdings) =>
        FinVault.Portfolios.Rebalancing.Plan(holdings, cash, "INR", rules, Today);

    private static Lot Lot(string id, string acquired, decimal quantity, long cost) => new(
        id, DateTimeOffset.Parse($"{acquired}T05:00:00Z", System.Globalization.CultureInfo.InvariantCulture), quantity,
        DualAmount.Same(cost));

    private static RebalanceHolding Holding(string symbol, decimal price, decimal quantity = 0) => new(
        symbol, price, quantity == 0 ? [] : [new("L", Trades(2023), quantity, DualAmount.Same((long)(quantity * price * 90)))]);
}
