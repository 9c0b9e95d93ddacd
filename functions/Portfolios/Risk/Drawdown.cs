namespace FinVault.Portfolios;

/// <summary>The deepest fall from a peak: kept day by day, from a growth index that knows nothing of flows.</summary>
/// <param name="PeakIndex">The highest index so far.</param>
/// <param name="PeakOn">Its day.</param>
/// <param name="Deepest">The deepest fall so far, −0.2 for 20 % below the peak; 0 when it never fell.</param>
/// <param name="From">The peak before the deepest fall.</param>
/// <param name="To">The day of its trough.</param>
/// <param name="RecoveredOn">The first day at or above that peak again; null while there is none.</param>
/// <param name="Current">How far the last day is below the highest.</param>
public sealed record Drawdown(
    double PeakIndex, DateOnly PeakOn, double Deepest, DateOnly From, DateOnly To, DateOnly? RecoveredOn, double Current)
{
    /// <summary>Begins with the first day's index, which must be above 0.</summary>
    public static Drawdown Begin(DateOnly date, double index)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        return new(index, date, 0, date, date, null, 0);
    }

    /// <summary>Of days in order; null when there are none.</summary>
    public static Drawdown? Of(IEnumerable<(DateOnly Date, double Index)> days)
    {
        ArgumentNullException.ThrowIfNull(days);
        Drawdown? drawdown = null;
        foreach ((DateOnly date, double index) in days)
        {
            drawdown = drawdown?.Add(date, index) ?? Begin(date, index);
        }

        return drawdown;
    }

    /// <summary>With one day more.</summary>
    public Drawdown Add(DateOnly date, double index)
    {
        if (index >= PeakIndex)
        {
            bool recovers = Deepest < 0 && RecoveredOn is null;
            return this with
            {
                PeakIndex = index, PeakOn = date, Current = 0, RecoveredOn = recovers ? date : RecoveredOn,
            };
        }

        double fall = (index / PeakIndex) - 1;
        return fall < Deepest
            ? this with { Deepest = fall, From = PeakOn, To = date, RecoveredOn = null, Current = fall }
            : this with { Current = fall };
    }
}
