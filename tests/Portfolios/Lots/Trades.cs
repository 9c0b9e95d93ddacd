using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios.Lots;

/// <summary>Writes transactions of one account the way a test tells them.</summary>
internal sealed class Trades
{
    public static readonly LotRules Fifo = new(LotMethod.Fifo, "INR");

    private readonly List<PortfolioTransaction> _all = [];

    public IReadOnlyList<PortfolioTransaction> All => _all;

    public string LastId => _all[^1].Id;

    public static DateTimeOffset Day(string date) =>
        DateTimeOffset.Parse($"{date}T10:00:00+05:30", System.Globalization.CultureInfo.InvariantCulture);

    public Trades Buy(string date, decimal quantity, long amount, long fees = 0) =>
        Add(date, TransactionKind.Buy, quantity, amount, fees);

    public Trades Sell(string date, decimal quantity, long amount, long fees = 0, params LotPick[] picks) =>
        Add(date, TransactionKind.Sell, quantity, amount, fees, transaction => transaction with { Picks = picks });

    public Trades Add(
        string date, TransactionKind kind, decimal quantity = 0, long amount = 0, long fees = 0,
        Func<PortfolioTransaction, PortfolioTransaction>? with = null)
    {
        int number = _all.Count + 1;
        PortfolioTransaction plain = new(
            $"T{number}", "A", number, kind, TransactionStatus.Completed, "INR", Day(date), Day(date))
        {
            Symbol = "INFY", Quantity = quantity, Amount = amount, Fees = fees,
        };
        _all.Add(with is null ? plain : with(plain));
        return this;
    }

    /// <summary>Undoes a transaction as the records do: both stay, neither counts.</summary>
    public Trades Reverse(string id)
    {
        int index = _all.FindIndex(transaction => transaction.Id == id);
        int number = _all.Count + 1;
        _all[index] = _all[index] with { ReversedBy = $"T{number}" };
        _all.Add(_all[index] with { Id = $"T{number}", Sequence = number, ReversedBy = null, Reverses = id });
        return this;
    }

    public LotHistory Replay(LotMethod method = LotMethod.Fifo) => Replay(Fifo with { Method = method });

    public LotHistory Replay(LotRules rules) => LotHistory.Replay(_all, rules);

    public Position Position(LotMethod method = LotMethod.Fifo)
    {
        LotHistory history = Replay(method);
        Assert.Null(history.Refusal);
        return history.Positions["INFY"];
    }
}
