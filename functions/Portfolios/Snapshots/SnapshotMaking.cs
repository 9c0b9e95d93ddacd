namespace FinVault.Portfolios;

/// <summary>What the world was on the days that are made. Loaded beforehand, so that the making is pure.</summary>
/// <param name="Closes">By the account's own symbol.</param>
/// <param name="Rates">Units of the account's currency for one of another, by that and the day; absent where none is known.</param>
internal sealed record SnapshotWorld(
    IReadOnlyDictionary<string, SymbolCloses> Closes, IReadOnlyDictionary<(string Currency, DateOnly Day), decimal> Rates)
{
    /// <summary>All currencies but the account's that rates were looked for of.</summary>
    public IReadOnlyCollection<string> Foreign { get; init; } = [];
}

/// <summary>Makes an account's snapshots of consecutive days. Pure: the same input makes the same snapshots.</summary>
internal sealed class SnapshotMaking(PortfolioAccount account, AccountReplay replay, SnapshotWorld world, DateTimeOffset now)
{
    /// <param name="before">The snapshot before the first day; null when that is the account's first.</param>
    /// <param name="days">Ascending trading days.</param>
    public List<SnapshotDocument> Make(SnapshotDocument? before, IReadOnlyList<DateOnly> days)
    {
        DateOnly since = before?.Day ?? DateOnly.MinValue;
        Queue<SnapshotFlow> flows = new(FlowsOf(since, days[^1]));
        List<SnapshotDocument> made = [];
        foreach (DateOnly day in days)
        {
            replay.Advance(day);
            List<SnapshotFlow> mine = [];
            while (flows.TryPeek(out SnapshotFlow? flow) && flow.Date <= day)
            {
                mine.Add(flows.Dequeue());
            }

            before = Make(before, day, mine);
            made.Add(before);
        }

        return made;
    }

    private SnapshotDocument Make(SnapshotDocument? before, DateOnly day, List<SnapshotFlow> flows)
    {
        DayWorth worth = new(account.Currency, day, world);
        foreach (Position position in replay.Positions.Where(position => position.Lots.Count > 0))
        {
            worth.AddUnits(position.Symbol, position.Quantity, replay.ActionOf(position.Symbol));
        }

        DayWorth money = new(account.Currency, day, world);
        foreach ((string currency, long amount) in replay.Cash.Where(pair => pair.Value != 0))
        {
            money.AddMoney(currency, amount);
            if (account.TracksCash)
            {
                worth.AddMoney(currency, amount);
            }
        }

        GrowthStep step = (before?.Chain ?? GrowthChain.Start).Add(
            day, worth.Total, [.. flows.Select(f => new DateFlow(f.Date, f.In + f.MovedIn, f.Out + f.MovedOut))]);
        return new(
            account.Id, day, worth.Total, money.Total, replay.Positions.Sum(position => position.Cost.Account), flows,
            before is null ? 0 : worth.FxSince(before.Total, before.Exposure, before.Rates),
            step.Earned, step.Chain.YearToDate, step.Broken, step.Chain, worth.Exposure,
            worth.Rates, [.. worth.Missing.Take(SnapshotDocument.MaxMissing)], now);
    }

    private IEnumerable<SnapshotFlow> FlowsOf(DateOnly after, DateOnly to) => SnapshotFlow.Of(
        [.. replay.All.Where(t => AccountReplay.DateOf(t) > after && AccountReplay.DateOf(t) <= to)], account, WorthOf);

    private long? WorthOf(PortfolioTransaction transfer)
    {
        DayWorth worth = new(account.Currency, AccountReplay.DateOf(transfer), world);
        worth.AddUnits(transfer.Symbol!, transfer.Quantity, DateOnly.MinValue);
        return worth.Total;
    }
}

/// <summary>Sums up what is held on a day. One thing whose worth is not known makes the sum unknown.</summary>
internal sealed class DayWorth(string account, DateOnly day, SnapshotWorld world)
{
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _exposure = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, decimal> _rates = new(StringComparer.Ordinal);
    private long _sum;

    public long? Total => _missing.Count > 0 ? null : _sum;

    public IReadOnlyCollection<string> Missing => _missing;

    public IReadOnlyDictionary<string, long> Exposure => _exposure;

    public IReadOnlyDictionary<string, decimal> Rates => _rates;

    public void AddUnits(string symbol, decimal quantity, DateOnly since)
    {
        if (!world.Closes.TryGetValue(symbol, out SymbolCloses? closes) || closes.At(day) is not { } close
            || close.Day < since)
        {
            _missing.Add(symbol);
            return;
        }

        // As holdings are valued now: one rounding, at the end.
        string currency = closes.Exchange.Currency;
        if (RateOf(currency) is not { } rate)
        {
            return;
        }

        if (MinorUnits.OfUnits(quantity, close.Price, currency) is { } traded
            && MinorUnits.TryOf(quantity * close.Price * rate, account) is { } worth)
        {
            Add(currency, traded, worth);
        }
        else
        {
            _missing.Add(symbol);
        }
    }

    public void AddMoney(string currency, long amount)
    {
        if (RateOf(currency) is { } rate)
        {
            Add(currency, amount, MinorUnits.Convert(amount, currency, account, rate));
        }
    }

    /// <summary>What rates made of what was held the day before; null where one of the two days is not known.</summary>
    /// <param name="before">The total of that day.</param>
    /// <param name="exposure">What was held then by currency.</param>
    /// <param name="rates">The rates of then.</param>
    public long? FxSince(
        long? before, IReadOnlyDictionary<string, long> exposure, IReadOnlyDictionary<string, decimal> rates)
    {
        if (Total is null || before is null)
        {
            return null;
        }

        decimal sum = 0;
        foreach ((string currency, long held) in exposure.Where(pair => pair.Key != account))
        {
            if (!world.Rates.TryGetValue((currency, day), out decimal rate))
            {
                return null;
            }

            sum += MinorUnits.ToDecimal(held, currency) * (rate - rates.GetValueOrDefault(currency, rate));
        }

        return MinorUnits.TryOf(sum, account);
    }

    private decimal? RateOf(string currency)
    {
        if (currency == account)
        {
            return 1;
        }

        if (world.Rates.TryGetValue((currency, day), out decimal rate))
        {
            return rate;
        }

        _missing.Add($"{currency}/{account}");
        return null;
    }

    private void Add(string currency, long traded, long worth)
    {
        _sum = checked(_sum + worth);
        _exposure[currency] = _exposure.GetValueOrDefault(currency) + traded;
        if (RateOf(currency) is { } rate && currency != account)
        {
            _rates[currency] = rate;
        }
    }
}
