using System.Globalization;

namespace FinVault.Local.Feed;

/// <summary>Plays a recorded file into the hub, paced by its event times or as fast as it is taken.</summary>
internal sealed class Replay(TickSender sender, TimeProvider time, ReplayProgress progress)
{
    // A longer silence in the file (a night, a stamp of 1970) is not waited for.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    private readonly TickEvents _events = new("replay");
    private DateTime _anchorEvent;
    private DateTimeOffset _anchorReal;
    private DateTime _newest = DateTime.MinValue;

    /// <param name="speed">A factor, or <c>max</c>.</param>
    /// <exception cref="TickFileException">The file is malformed; what came before that line was sent.</exception>
    public async Task RunAsync(string file, string speed, CancellationToken cancellation)
    {
        double? factor = speed == "max" ? null : double.Parse(speed, NumberStyles.Float, CultureInfo.InvariantCulture);
        try
        {
            foreach (RecordedTick tick in TickFile.Read(file))
            {
                if (factor is { } pace && Wait(tick.EventTime, pace) is { } wait && wait > TimeSpan.Zero)
                {
                    await FlushAsync(tick.EventTime, cancellation);
                    await Task.Delay(wait, time, cancellation);
                }

                sender.Add(tick.Symbol, _events.Create(tick.Symbol, tick.Price, tick.Volume, tick.EventTime));
                if (sender.Pending >= TickSender.Window)
                {
                    await FlushAsync(tick.EventTime, cancellation);
                }
            }
        }
        finally
        {
            // A stop or a bad line still sends what was read before it.
            await FlushAsync(_newest, CancellationToken.None);
        }

        await sender.WaitForLeadAsync(0, cancellation);
    }

    private async Task FlushAsync(DateTime eventTime, CancellationToken cancellation)
    {
        await sender.FlushAsync(cancellation);
        progress.Report(sender.Sent, eventTime);
    }

    private TimeSpan Wait(DateTime eventTime, double pace)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_newest == DateTime.MinValue || eventTime - _newest > LongestSilence)
        {
            (_anchorEvent, _anchorReal) = (eventTime, now);
        }

        // Rows out of order are due at once.
        _newest = eventTime > _newest ? eventTime : _newest;
        return _anchorReal + ((eventTime - _anchorEvent) / pace) - now;
    }
}
