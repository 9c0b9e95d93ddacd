namespace FinVault.Market.Calendar;

/// <summary>One calendar day of one exchange. Times are microseconds since the Unix epoch, UTC.</summary>
/// <param name="Date">The date in the exchange's own zone.</param>
/// <param name="Starts">Local midnight.</param>
/// <param name="Ends">The next local midnight, exclusive.</param>
/// <param name="IsTrading">False on weekends and holidays.</param>
/// <param name="AcceptFrom">Ticks from here on belong to the day.</param>
/// <param name="AcceptTo">Ticks up to here, inclusive, belong to the day.</param>
/// <param name="PreOpen">Start of the pre-open phase.</param>
/// <param name="Open">Start of continuous trading.</param>
/// <param name="Close">End of continuous trading.</param>
public sealed record ExchangeDay(
    DateOnly Date,
    long Starts,
    long Ends,
    bool IsTrading,
    long AcceptFrom,
    long AcceptTo,
    long PreOpen,
    long Open,
    long Close)
{
    /// <summary>Whether a tick with this event time is inside the day's window.</summary>
    public bool Accepts(long eventTime) => IsTrading && eventTime >= AcceptFrom && eventTime <= AcceptTo;

    /// <summary>The phase of the day at <paramref name="now"/>, which must lie within the day.</summary>
    public SessionState StateAt(long now)
    {
        if (!IsTrading || now < PreOpen || now > AcceptTo)
        {
            return SessionState.Closed;
        }

        return now < Open ? SessionState.PreOpen : now < Close ? SessionState.Open : SessionState.PostClose;
    }

    /// <summary>
    /// How long the exchange is sure to be closed from <paramref name="now"/> on, which must lie within the day: until its
    /// pre-open phase, or until the next day, of which this one knows nothing. Zero when it is not closed.
    /// </summary>
    public TimeSpan ClosedFor(long now) => StateAt(now) != SessionState.Closed
        ? TimeSpan.Zero
        : TimeSpan.FromMicroseconds((IsTrading && now < PreOpen ? PreOpen : Ends) - now);
}

/// <summary>Where an exchange stands in its day.</summary>
public enum SessionState
{
    Closed,
    PreOpen,
    Open,
    PostClose,
}
