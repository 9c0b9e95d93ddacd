namespace FinVault.Portfolios;

/// <summary>An alert at work.</summary>
internal sealed class LiveAlert(AlertRule rule, AlertState state)
{
    public AlertRule Rule => rule;

    public AlertState State { get; set; } = state;

    /// <summary>Set when it is taken out; the queue that still holds it drops it when it comes up.</summary>
    public bool IsGone { get; set; }
}

/// <summary>
/// Alerts on one level, a number that grows towards their thresholds. The lowest threshold of the armed and the highest
/// of the fired stand in front of two queues, so a level that does nothing costs two comparisons however many
/// alerts there are, and allocates nothing. A level that jumps over thresholds fires all of them.
/// </summary>
internal sealed class LevelWatch
{
    private readonly PriorityQueue<LiveAlert, decimal> _armed = new();
    private readonly PriorityQueue<LiveAlert, decimal> _fired = new(); // by the negative of what arms it again

    public void Put(LiveAlert alert)
    {
        if (alert.State.Phase == AlertPhase.Armed)
        {
            _armed.Enqueue(alert, alert.Rule.FiresAt);
        }
        else if (alert.State.Phase == AlertPhase.Fired)
        {
            _fired.Enqueue(alert, -alert.Rule.RearmsBelow);
        }
    }

    /// <summary>Tells the level; what it changes is added to <paramref name="changes"/>.</summary>
    public void See(decimal level, decimal price, long at, List<AlertChange> changes)
    {
        while (_fired.TryPeek(out LiveAlert? alert, out decimal below) && (alert.IsGone || level < -below))
        {
            _fired.Dequeue();
            if (!alert.IsGone)
            {
                Change(alert, AlertPhase.Armed, level, price, at, changes);
                _armed.Enqueue(alert, alert.Rule.FiresAt);
            }
        }

        while (_armed.TryPeek(out LiveAlert? alert, out decimal threshold) && (alert.IsGone || level >= threshold))
        {
            _armed.Dequeue();
            if (!alert.IsGone)
            {
                Change(alert, alert.Rule.Rearms ? AlertPhase.Fired : AlertPhase.Done, level, price, at, changes);
                Put(alert);
            }
        }
    }

    private static void Change(
        LiveAlert alert, AlertPhase phase, decimal level, decimal price, long at, List<AlertChange> changes)
    {
        bool fires = phase != AlertPhase.Armed;
        alert.State = alert.State with { Phase = phase, Firings = alert.State.Firings + (fires ? 1 : 0), At = at };
        changes.Add(new(alert.Rule, alert.State, price, Math.Abs(level)));
    }
}
