namespace FinVault.Market.Ingest;

/// <summary>Lets something pass at most once in a while. Used by one caller at a time.</summary>
internal sealed class PublishWindow(TimeSpan window)
{
    // The pace of messages on the wire, not a matter of the market's time: the machine's clock, whatever the app's is.
    private static readonly TimeProvider Clock = TimeProvider.System;

    private long? _last;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && window - Clock.GetElapsedTime(last) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, Clock, cancellationToken);
        }

        _last = Clock.GetTimestamp();
    }
}
