using FinVault.Market.Calendar;
using FinVault.Market.Ingest;

namespace FinVault.Portfolios;

/// <summary>The alerts that wait on one symbol, as they were stored, at work on its ticks. Used by one shard only.</summary>
/// <param name="symbol">The symbol.</param>
/// <param name="oldest">Prices that are older when they come fire nothing.</param>
/// <param name="late">Prices that are older when they come are late.</param>
internal sealed class SymbolAlerts(string symbol, TimeSpan oldest, TimeSpan late)
{
    // Of a batch that makes an alert fire again and again, the last are told.
    private const int MostFirings = 20;

    private readonly AlertBook _book = new(oldest);
    private readonly Dictionary<string, AlertDocument> _documents = new(StringComparer.Ordinal);
    private readonly List<AlertDocument> _waiting = [];
    private readonly List<AlertChange> _changes = [];

    /// <summary>When it was read, microseconds since the Unix epoch.</summary>
    public long ReadAt { get; private set; }

    public bool IsEmpty => _documents.Count == 0;

    /// <summary>How far back windows look that have seen nothing yet.</summary>
    public TimeSpan Unseen => _book.Unseen(symbol);

    public void Recall(IReadOnlyList<(decimal Price, long At)> prices) => _book.Recall(symbol, prices);

    /// <summary>Takes over what is stored; alerts that nobody has changed go on as they are.</summary>
    public void Put(IEnumerable<AlertDocument> stored, long now)
    {
        ReadAt = now;
        Dictionary<string, AlertDocument> alerts = stored.ToDictionary(alert => alert.Id, StringComparer.Ordinal);
        foreach (AlertDocument known in _documents.Values.ToArray())
        {
            if (alerts.GetValueOrDefault(known.Id)?.Generation != known.Generation)
            {
                Remove(known.Id);
            }
        }

        foreach (AlertDocument alert in alerts.Values.Where(alert => !_documents.ContainsKey(alert.Id)))
        {
            _documents.Add(alert.Id, alert);
            _waiting.Add(alert);
        }
    }

    /// <summary>Judges a tick; what it does to an alert is added to what the batch has done to it before.</summary>
    public void See(string shard, in AcceptedTick tick, bool isReplay, Dictionary<string, AlertProgress> progress)
    {
        _changes.Clear();
        _book.See(symbol, tick.Price, tick.EventTime, isReplay ? tick.EventTime : tick.SeenAt, _changes);
        foreach (AlertChange change in _changes)
        {
            AlertDocument now = _documents[change.Rule.Id];
            AlertFiring? firing = change.IsFiring ? Firing(change, tick, isReplay) : null;
            AlertDocument after = now with
            {
                State = change.State, IsActive = change.State.Phase != AlertPhase.Done, ByTick = true,
                Mark = new(shard, tick.Seq), LastFiring = firing ?? now.LastFiring,
            };
            AlertProgress? before = progress.GetValueOrDefault(now.Id);
            after = before is null ? after with { Generation = now.Generation + 1 } : after;
            progress[now.Id] = new(
                before?.Before ?? now, after, [.. (before?.Firings ?? []).Concat(firing is null ? [] : [firing]).TakeLast(MostFirings)]);
            Keep(after);
        }
    }

    /// <summary>
    /// Lets those alerts work that have waited for this tick: by earlier ones they were judged before, in a batch that
    /// comes again, or those were made before the alert was set. True if there is one.
    /// </summary>
    public bool Arm(string shard, AcceptedTick tick, bool isReplay)
    {
        if (_waiting.Count == 0)
        {
            return false;
        }

        int before = _waiting.Count;
        foreach (AlertDocument alert in _waiting.FindAll(alert =>
            (alert.Mark is not { } mark || mark.Shard != shard || mark.Seq < tick.Seq)
            && (isReplay || tick.EventTime >= alert.Since)))
        {
            _waiting.Remove(alert);
            _book.Put(alert.Rule, alert.State);
        }

        return _waiting.Count < before;
    }

    private AlertFiring Firing(AlertChange change, AcceptedTick tick, bool isReplay)
    {
        bool isLate = !isReplay && tick.SeenAt - tick.EventTime > (long)late.TotalMicroseconds;
        return new(
            change.Price, change.Level, Micros.ToTime(tick.EventTime), Micros.ToTime(tick.SeenAt), isLate, tick.Source);
    }

    private void Keep(AlertDocument after)
    {
        if (after.IsActive)
        {
            _documents[after.Id] = after;
        }
        else
        {
            _documents.Remove(after.Id);
        }
    }

    private void Remove(string id)
    {
        _documents.Remove(id);
        _waiting.RemoveAll(alert => alert.Id == id);
        _book.Remove(id);
    }
}
