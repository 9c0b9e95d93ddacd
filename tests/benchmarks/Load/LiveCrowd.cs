using System.Net.Sockets;
using System.Text.Json;
using FinVault.Benchmarks.Fanout;
using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Load;

/// <summary>
/// Holds a live connection for each user, which watches some symbols; one that breaks is begun anew after a while. Counts
/// what comes, and how old it is.
/// </summary>
internal sealed class LiveCrowd(LoadHttp http, LoadClock clock, IReadOnlyList<string> symbols, double end) : IQuoteMeter
{
    private const int Watched = 10;
    private const double LongestPauseSeconds = 5;

    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(12);

    private readonly Lock _gate = new();
    private readonly Histogram _delays = new();
    private int _open;
    private int _failed;
    private int _dropped;
    private long _messages;
    private long _quotes;
    private long _lost;

    public LiveFigures Figures
    {
        get
        {
            lock (_gate)
            {
                bool isEmpty = _delays.Count == 0;
                return new(
                    _open, _failed, _dropped, _messages, _quotes, _lost, isEmpty ? 0 : _delays.Milliseconds(0.5),
                    isEmpty ? 0 : _delays.Milliseconds(0.95));
            }
        }
    }

    public string NameOf(int symbol) => symbols[symbol];

    public long LastSeq(int symbol) => 0;

    public void Message(int quotes, int bytes)
    {
        lock (_gate)
        {
            _messages++;
            _quotes += quotes;
        }
    }

    public void Conflated()
    {
        lock (_gate)
        {
            _lost++;
        }
    }

    public void Quote(int symbol, long last, long prev, long seq, ReadOnlySpan<byte> rest)
    {
        double delay = (DateTimeOffset.UtcNow - AsOf(rest)).TotalMicroseconds;
        lock (_gate)
        {
            // What comes before the snapshot goes on from nothing that is known.
            _lost += last == 0 ? 0 : Math.Max(0, prev - last);
            _delays.Add(Math.Max(0, delay));
        }
    }

    private static DateTimeOffset AsOf(ReadOnlySpan<byte> quote)
    {
        Utf8JsonReader value = new(quote[(quote.IndexOf("\"asOf\":"u8) + 7)..]);
        value.Read();
        return value.GetDateTimeOffset();
    }

    /// <summary>Keeps a connection from a moment on, until the end of the run.</summary>
    public async Task KeepAsync(int user, LoadCaller caller, double from)
    {
        Random random = new(user);
        await clock.UntilAsync(from);
        while (clock.Now < end)
        {
            try
            {
                await HoldAsync(caller, [.. random.GetItems([.. Enumerable.Range(0, symbols.Count)], Watched).Distinct()]);
            }
            catch (Exception failure) when (failure is IOException or SocketException or InvalidDataException
                or System.Security.Authentication.AuthenticationException or JsonException)
            {
                Count(ref _failed);
            }

            await clock.UntilAsync(Math.Min(end, clock.Now + 1 + (random.NextDouble() * LongestPauseSeconds)));
        }
    }

    private async Task HoldAsync(LoadCaller caller, int[] watched)
    {
        LoadAnswer negotiated = await http.SendPatientlyAsync(caller, HttpMethod.Post, "realtime/negotiate", end);
        if (!negotiated.IsGood)
        {
            Count(ref _failed);
            return;
        }

        using QuoteClient client = new(this, watched);
        await client.ConnectAsync(
            new(negotiated.Body.GetProperty("url").GetString()!), negotiated.Body.GetProperty("accessToken").GetString()!);
        Count(ref _open);
        while (clock.Now < end)
        {
            Task ended = await Task.WhenAny(client.Reading, Task.Delay(Next()));
            if (ended == client.Reading)
            {
                lock (_gate)
                {
                    _open--;
                    _dropped++;
                }

                // Why it broke is told by nobody but the reader.
                await client.Reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await client.PingAsync();
        }
    }

    private TimeSpan Next() =>
        TimeSpan.FromSeconds(Math.Clamp(end - clock.Now, 0.001, PingEvery.TotalSeconds));

    private void Count(ref int what)
    {
        lock (_gate)
        {
            what++;
        }
    }
}
