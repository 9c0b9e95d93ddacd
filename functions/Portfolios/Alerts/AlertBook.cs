namespace FinVault.Portfolios;

/// <summary>
/// Alerts in memory, evaluated as ticks pass. Pure: what changed is told, and whoever calls stores it. One tick of a
/// symbol costs a few comparisons, whatever the number of alerts on it and on others, and allocates nothing unless one
/// fires. An alert that is set while its condition holds fires at the next tick.
/// <para>
/// A tick that is older than its symbol's last one changes nothing; nor does one older than a limit when it comes,
/// which after an outage would tell of prices long gone. Not safe for concurrent use.
/// </para>
/// </summary>
/// <param name="oldest">How old a tick may be when it is seen.</param>
public sealed class AlertBook(TimeSpan oldest)
{
    private readonly Dictionary<string, LiveAlert> _alerts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SymbolWatch> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LiveAlert>> _portfolios = new(StringComparer.Ordinal);
    private readonly long _oldest = oldest.Ticks / TimeSpan.TicksPerMicrosecond;

    public int Count => _alerts.Count;

    /// <summary>The symbols that some alert waits on.</summary>
    public IReadOnlyCollection<string> Symbols => _symbols.Keys;

    /// <summary>The portfolios whose index must be told.</summary>
    public IReadOnlyCollection<string> Portfolios => _portfolios.Keys;

    /// <summary>Where an alert stands; null when there is none.</summary>
    public AlertState? Find(string id) => _alerts.GetValueOrDefault(id)?.State;

    /// <summary>Adds an alert as it was stored, or replaces it.</summary>
    /// <exception cref="ArgumentException">The rule has a fault.</exception>
    public void Put(AlertRule rule, AlertState state)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(state);
        if (rule.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(rule));
        }

        Remove(rule.Id);
        if (state.Phase == AlertPhase.Done)
        {
            return;
        }

        LiveAlert alert = new(rule, state);
        _alerts.Add(rule.Id, alert);
        if (rule.Kind == AlertKind.Drawdown)
        {
            Among(_portfolios, rule.Subject).Add(alert);
        }
        else
        {
            Among(_symbols, rule.Subject).Put(alert);
        }
    }

    /// <summary>Takes an alert out: deleted, or paused.</summary>
    public bool Remove(string id)
    {
        if (!_alerts.Remove(id, out LiveAlert? alert))
        {
            return false;
        }

        alert.IsGone = true;
        if (alert.Rule.Kind == AlertKind.Drawdown)
        {
            List<LiveAlert> watching = _portfolios[alert.Rule.Subject];
            watching.Remove(alert);
            if (watching.Count == 0)
            {
                _portfolios.Remove(alert.Rule.Subject);
            }
        }
        else if (--_symbols[alert.Rule.Subject].Alerts == 0)
        {
            _symbols.Remove(alert.Rule.Subject);
        }

        return true;
    }

    /// <summary>Sees an accepted tick.</summary>
    /// <param name="symbol">Of the tick.</param>
    /// <param name="price">Its price.</param>
    /// <param name="at">Its event time, microseconds since the Unix epoch.</param>
    /// <param name="now">The time now, the same unit.</param>
    /// <param name="changes">What it changed is added; keep the list from window to window.</param>
    /// <returns>Whether it was looked at: it is not stale and some alert waits on its symbol.</returns>
    public bool See(string symbol, decimal price, long at, long now, List<AlertChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (!_symbols.TryGetValue(symbol, out SymbolWatch? watch) || at < watch.LastAt || now - at > _oldest)
        {
            return false;
        }

        int before = changes.Count;
        watch.See(price, at, changes);
        Forget(changes, before);
        return true;
    }

    /// <summary>How far back alerts on a symbol look that have seen nothing yet; zero when none.</summary>
    public TimeSpan Unseen(string symbol) => _symbols.GetValueOrDefault(symbol)?.Unseen ?? TimeSpan.Zero;

    /// <summary>
    /// Gives windows that have seen nothing yet their past: it decides what is the lowest and the highest, and fires
    /// nothing.
    /// </summary>
    /// <param name="symbol">Of the prices.</param>
    /// <param name="prices">Prices with their event times, oldest first.</param>
    public void Recall(string symbol, IReadOnlyList<(decimal Price, long At)> prices) =>
        _symbols.GetValueOrDefault(symbol)?.Recall(prices);

    /// <summary>Sees a portfolio's growth index, in which deposits and withdrawals are no growth.</summary>
    /// <param name="portfolio">The portfolio.</param>
    /// <param name="index">Above 0; only its changes matter.</param>
    /// <param name="at">The event time of the prices, microseconds since the Unix epoch.</param>
    /// <param name="changes">What it changed is added.</param>
    public void SeePortfolio(string portfolio, decimal index, long at, List<AlertChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        int before = changes.Count;
        foreach (LiveAlert alert in _portfolios.GetValueOrDefault(portfolio) ?? [])
        {
            AlertState state = alert.State;
            if (at >= state.At)
            {
                alert.State = state = state with { Peak = Math.Max(state.Peak, index) };
                Judge(alert, 100 * (1 - (index / state.Peak)), index, at, changes);
            }
        }

        Forget(changes, before);
    }

    private static void Judge(LiveAlert alert, decimal fall, decimal index, long at, List<AlertChange> changes)
    {
        AlertPhase phase = alert.State.Phase switch
        {
            AlertPhase.Armed when fall >= alert.Rule.FiresAt => alert.Rule.Rearms ? AlertPhase.Fired : AlertPhase.Done,
            AlertPhase.Fired when fall < alert.Rule.RearmsBelow => AlertPhase.Armed,
            AlertPhase unchanged => unchanged,
        };
        if (phase != alert.State.Phase)
        {
            int firings = alert.State.Firings + (phase == AlertPhase.Armed ? 0 : 1);
            alert.State = alert.State with { Phase = phase, Firings = firings, At = at };
            changes.Add(new(alert.Rule, alert.State, index, fall));
        }
    }

    /// <summary>What is done waits for nothing more.</summary>
    private void Forget(List<AlertChange> changes, int from)
    {
        for (int i = from; i < changes.Count; i++)
        {
            if (changes[i].State.Phase == AlertPhase.Done)
            {
                Remove(changes[i].Rule.Id);
            }
        }
    }

    private static T Among<T>(Dictionary<string, T> all, string key)
        where T : new()
    {
        if (!all.TryGetValue(key, out T? one))
        {
            all.Add(key, one = new());
        }

        return one;
    }
}
