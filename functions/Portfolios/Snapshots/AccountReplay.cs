namespace FinVault.Portfolios;

/// <summary>An account as it was when a day had ended, day after day, from its transactions.</summary>
internal sealed class AccountReplay
{
    private readonly PortfolioTransaction[] _all;
    private readonly LotRules _rules;
    private readonly Dictionary<string, Position> _positions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateOnly> _actions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _cash = new(StringComparer.Ordinal);
    private int _next;

    public AccountReplay(PortfolioAccount account, IEnumerable<PortfolioTransaction> transactions)
    {
        _all = [.. PortfolioTransaction.InForce(transactions)];
        _rules = LotRules.Of(account);
    }

    /// <summary>Of the first transaction; null when there is none.</summary>
    public DateOnly? First => _all.Length > 0 ? DateOf(_all[0]) : null;

    public IReadOnlyList<PortfolioTransaction> All => _all;

    /// <summary>By symbol, also those of which nothing is held any more.</summary>
    public IEnumerable<Position> Positions => _positions.Values;

    /// <summary>Minor units by currency.</summary>
    public IReadOnlyDictionary<string, long> Cash => _cash;

    /// <summary>Flows are told by the date in UTC, as everywhere.</summary>
    public static DateOnly DateOf(PortfolioTransaction transaction) =>
        DateOnly.FromDateTime(transaction.TradedAt.UtcDateTime);

    /// <summary>The last split or bonus issue: prices from before it are not comparable.</summary>
    public DateOnly ActionOf(string symbol) => _actions.GetValueOrDefault(symbol, DateOnly.MinValue);

    /// <summary>Books everything up to a day, inclusive.</summary>
    /// <exception cref="InvalidOperationException">The transactions cannot stand together.</exception>
    public void Advance(DateOnly day)
    {
        for (; _next < _all.Length && DateOf(_all[_next]) <= day; _next++)
        {
            PortfolioTransaction one = _all[_next];
            long cash = CashFlow.Of(one);
            _cash[one.Currency] = checked(_cash.GetValueOrDefault(one.Currency) + cash);
            if (one.Symbol is not { } symbol)
            {
                continue;
            }

            LotOutcome outcome = LotBooking.Apply(_positions.GetValueOrDefault(symbol), one, _rules);
            _positions[symbol] = outcome.Step?.Position
                ?? throw new InvalidOperationException($"{one.Id} cannot be booked: {outcome.Refusal?.Detail}");
            if (one.Kind is TransactionKind.Split or TransactionKind.BonusIssue)
            {
                _actions[symbol] = DateOf(one);
            }
        }
    }
}
