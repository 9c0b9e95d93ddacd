using System.Text.Json;
using FinVault.Platform;
using FinVault.Portfolios;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Portfolios.Lots;

/// <summary>Whatever is traded in whatever order: no paisa is lost or made, and replaying gives what booking gave.</summary>
public sealed class LotPropertyTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void Booking_NeitherLosesNorMakesAMinorUnit() => Prop.ForAll(Histories(), history =>
    {
        (Position? position, DualAmount sold) = (null, default);
        foreach (PortfolioTransaction transaction in history.Transactions)
        {
            LotOutcome outcome = LotBooking.Apply(position, transaction, history.Rules);
            Assert.True(outcome.Step is null != outcome.Refusal is null);
            if (outcome.Step is not { } step)
            {
                continue;
            }

            Position now = step.Position;
            Assert.Equal(
                now.Bought + now.CarriedIn,
                (now.IsShort ? default : now.Cost) + now.CostOfSold + now.CarriedOut + now.CapitalReturned - now.CapitalGain);
            Assert.All(now.Lots.Select(lot => now.IsShort ? lot.Mirrored() : lot), lot =>
                Assert.True(lot is { Quantity: > 0, Cost: { Trade: >= 0, Account: >= 0 } }));
            Assert.True(history.Rules.ShortSelling || !now.IsShort);
            Assert.Equal(now.Lots.Sum(lot => lot.Quantity), now.Quantity);
            sold += transaction.Kind == TransactionKind.Sell
                ? history.Rules.Convert(transaction, transaction.Amount - transaction.Fees)
                : default;
            Assert.Equal(sold, now.Proceeds - (now.IsShort ? now.Cost : default));
            Assert.Equal(now.Proceeds - (position?.Proceeds ?? default), DualAmount.Sum(step.Closed.Select(l => l.Proceeds)));
            Assert.Equal(
                now.CostOfSold - (position?.CostOfSold ?? default), DualAmount.Sum(step.Closed.Select(l => l.Cost)));
            position = now;
        }

        return true;
    }).Check(Runs);

    [Fact]
    public void Replay_InAnyOrder_GivesWhatBookingOneByOneGave() => Prop.ForAll(Histories(), history =>
    {
        (Position? position, List<ClosedLot> closed) = (null, []);
        List<PortfolioTransaction> booked = [];
        foreach (PortfolioTransaction transaction in history.Transactions)
        {
            if (LotBooking.Apply(position, transaction, history.Rules).Step is { } step)
            {
                position = step.Position;
                closed.AddRange(step.Closed);
                booked.Add(transaction);
            }
        }

        LotHistory replayed = LotHistory.Replay(booked.AsEnumerable().Reverse(), history.Rules);
        Assert.Null(replayed.Refusal);
        Assert.Equal(Text(position), Text(replayed.Positions.GetValueOrDefault("INFY")));
        Assert.Equal(Text(closed), Text(replayed.Closed));
        return true;
    }).Check(Runs);

    [Fact]
    public void Reversal_RestoresEveryFigure() => Prop.ForAll(Histories(), history =>
    {
        Trades trades = new();
        foreach (PortfolioTransaction transaction in history.Transactions)
        {
            string before = Text(trades.Replay(history.Rules));
            trades.Add("2024-01-01", transaction.Kind, with: plain => transaction with { Id = plain.Id });
            LotRefusal? refusal = trades.Replay(history.Rules).Refusal;
            Assert.True(refusal is null || refusal.Transaction == trades.LastId);
            if (refusal is not null || transaction.Quantity % 3 == 0)
            {
                trades.Reverse(trades.LastId);
                Assert.Equal(before, Text(trades.Replay(history.Rules)));
            }
        }

        return true;
    }).Check(Runs.WithMaxTest(100));

    [Fact]
    public void Backdated_AsksForAReplay_WhichBooksItInItsPlace()
    {
        Trades trades = new Trades().Buy("2024-01-10", 10, 1_000).Sell("2024-02-01", 5, 600);
        PortfolioTransaction older = new Trades().Buy("2024-01-05", 10, 500).All[0] with { Id = "T9", Sequence = 9 };

        Assert.True(LotBooking.Apply(trades.Position(), older, Trades.Fifo).NeedsReplay);
        LotHistory replayed = LotHistory.Replay([.. trades.All, older], Trades.Fifo);
        Assert.Equal(600 - 250, replayed.Positions["INFY"].RealizedGain);
    }

    [Fact]
    public void Reversal_OfWhatASaleLeansOn_NamesTheSale()
    {
        Trades trades = new Trades().Buy("2024-01-10", 10, 1_000).Sell("2024-02-01", 5, 600).Reverse("T1");

        Assert.Equal((LotRefusalCode.ShortSale, "T2"), (trades.Replay().Refusal!.Code, trades.Replay().Refusal!.Transaction));
    }

    [Fact]
    public void Portions_SumToTheWhole_AndAreFair() => Prop.ForAll(
        ArbMap.Default.ArbFor<(long Amount, ushort[] Weights)>(),
        given =>
        {
            decimal[] weights = [.. given.Weights.Select(weight => weight / 7m), 1m];
            long amount = given.Amount % 1_000_000_000_000_000;
            long[] shares = Portions.Split(amount, weights);
            Assert.Equal(amount, shares.Sum());
            Assert.All(shares.Zip(weights), pair =>
                Assert.True(Math.Abs(pair.First - (amount / weights.Sum() * pair.Second)) < 1.01m));
            return true;
        }).Check(Runs);

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, Json.Options);

    private static Arbitrary<History> Histories() => (
        from method in Gen.Elements(LotMethod.Fifo, LotMethod.Lifo, LotMethod.Hifo, LotMethod.AverageCost)
        from shorts in Gen.Elements(false, true)
        from steps in Gen.ListOf(
            from kind in Gen.Frequency(
                (5, Gen.Constant(TransactionKind.Buy)), (4, Gen.Constant(TransactionKind.Sell)),
                (2, Gen.Elements(
                    TransactionKind.Split, TransactionKind.BonusIssue, TransactionKind.ReturnOfCapital,
                    TransactionKind.Dividend, TransactionKind.TransferIn, TransactionKind.TransferOut)))
            from quantity in Gen.Choose(1, 4_000)
            from amount in Gen.Choose(0, 1_000_000)
            from fees in Gen.Choose(0, 50)
            from rate in Gen.Choose(70_000, 90_000)
            from ratio in Gen.Elements(0.1m, 0.333m, 0.5m, 2m, 3m)
            select (kind, quantity / 37m, amount, fees, rate / 1_000m, ratio))
        select new History(new(method, "INR", shorts), [.. steps.Select(One)])).ToArbitrary();

    private static PortfolioTransaction One(
        (TransactionKind Kind, decimal Quantity, int Amount, int Fees, decimal Rate, decimal Ratio) step, int index)
    {
        DateTimeOffset at = Trades.Day("2024-01-01").AddHours(index / 2);
        return new($"T{index + 1}", "A", index + 1, step.Kind, TransactionStatus.Completed, "USD", at, at)
        {
            Symbol = "INFY",
            Quantity = step.Kind == TransactionKind.BonusIssue ? 0 : Math.Round(step.Quantity, 8),
            Amount = step.Amount,
            Fees = Math.Min(step.Fees, step.Amount),
            FxRate = step.Rate,
            Ratio = step.Ratio,
        };
    }

    private sealed record History(LotRules Rules, IReadOnlyList<PortfolioTransaction> Transactions);
}
