namespace FinVault.Portfolios;

/// <summary>
/// The lowest and the highest price of a window that moves with time: two queues that keep only prices which can still
/// become the extreme, so each price is put in and taken out once.
/// </summary>
internal sealed class WindowExtremes(long length)
{
    private readonly Extreme _lowest = new();
    private readonly Extreme _highest = new();

    /// <summary>Of the last window, this price included.</summary>
    public (decimal Low, decimal High) Add(decimal price, long at) => (
        _lowest.Add(price, price, at, at - length), _highest.Add(-price, price, at, at - length));

    /// <summary>A ring of (key, price, time) with ascending keys; grows when the window holds more.</summary>
    private sealed class Extreme
    {
        private (decimal Key, decimal Price, long At)[] _ring = new (decimal, decimal, long)[16];
        private int _first;
        private int _count;

        public decimal Add(decimal key, decimal price, long at, long since)
        {
            while (_count > 0 && _ring[Index(_count - 1)].Key >= key)
            {
                _count--;
            }

            if (_count == _ring.Length)
            {
                Grow();
            }

            _ring[Index(_count++)] = (key, price, at);
            while (_ring[_first].At < since)
            {
                (_first, _count) = (Index(1), _count - 1);
            }

            return _ring[_first].Price;
        }

        private int Index(int offset) => (_first + offset) & (_ring.Length - 1);

        private void Grow()
        {
            (decimal, decimal, long)[] larger = new (decimal, decimal, long)[_ring.Length * 2];
            for (int i = 0; i < _count; i++)
            {
                larger[i] = _ring[Index(i)];
            }

            (_ring, _first) = (larger, 0);
        }
    }
}
