namespace FinVault.Portfolios;

/// <summary>All alerts on a symbol.</summary>
internal sealed class SymbolWatch
{
    private readonly LevelWatch _above = new();
    private readonly LevelWatch _below = new();
    private readonly List<WindowWatch> _windows = [];

    /// <summary>Event time of the last tick.</summary>
    public long LastAt { get; private set; } = long.MinValue;

    public int Alerts { get; set; }

    /// <summary>The longest window that has seen nothing yet.</summary>
    public TimeSpan Unseen => TimeSpan.FromMicroseconds(
        _windows.Where(window => window.IsNew).Select(window => window.Length).DefaultIfEmpty().Max());

    public void Recall(IReadOnlyList<(decimal Price, long At)> prices) =>
        _windows.FindAll(window => window.IsNew).ForEach(window => window.Recall(prices));

    public void Put(LiveAlert alert)
    {
        Alerts++;
        switch (alert.Rule.Kind)
        {
            case AlertKind.Above:
                _above.Put(alert);
                break;
            case AlertKind.Below:
                _below.Put(alert);
                break;
            default:
                Window(alert.Rule.Window.Ticks / TimeSpan.TicksPerMicrosecond).Put(alert);
                break;
        }
    }

    public void See(decimal price, long at, List<AlertChange> changes)
    {
        LastAt = at;
        _above.See(price, price, at, changes);
        _below.See(-price, price, at, changes);
        foreach (WindowWatch window in _windows)
        {
            window.See(price, at, changes);
        }
    }

    private WindowWatch Window(long length)
    {
        WindowWatch? window = _windows.Find(one => one.Length == length);
        if (window is null)
        {
            _windows.Add(window = new(length));
        }

        return window;
    }

    /// <summary>Rises and falls in windows of one length share what they look back on.</summary>
    private sealed class WindowWatch(long length)
    {
        private readonly WindowExtremes _extremes = new(length);
        private readonly LevelWatch _rises = new();
        private readonly LevelWatch _falls = new();

        public long Length => length;

        /// <summary>It has seen no price yet.</summary>
        public bool IsNew { get; private set; } = true;

        public void Recall(IReadOnlyList<(decimal Price, long At)> prices)
        {
            IsNew = false;
            foreach ((decimal price, long at) in prices)
            {
                _extremes.Add(price, at);
            }
        }

        public void Put(LiveAlert alert) => (alert.Rule.Kind == AlertKind.Rise ? _rises : _falls).Put(alert);

        public void See(decimal price, long at, List<AlertChange> changes)
        {
            IsNew = false;
            (decimal low, decimal high) = _extremes.Add(price, at);
            _rises.See(100 * ((price / low) - 1), price, at, changes);
            _falls.See(100 * (1 - (price / high)), price, at, changes);
        }
    }
}
