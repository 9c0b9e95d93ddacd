namespace FinVault.Portfolios;

/// <summary>
/// What a portfolio, account, holding or lot was worth when a day ended, and what crossed its border that day.
/// All are minor units of one currency.
/// </summary>
/// <param name="Date">The day.</param>
/// <param name="Value">At the day's end, after its flows.</param>
/// <param name="In">Put in from outside; counts as at work from the day's start.</param>
/// <param name="Out">Taken out; counts as at work until the day's end.</param>
/// <param name="Fx">The part of the day's change that exchange rates made.</param>
public sealed record DayValue(DateOnly Date, long Value, long In = 0, long Out = 0, long Fx = 0)
{
    /// <summary>
    /// What the day multiplied the capital at work by; null when there was none. A running product of these, kept
    /// beside each day's value, gives the time-weighted return of any window as the quotient of two of them.
    /// </summary>
    /// <param name="valueBefore">The value when the day before ended.</param>
    public double? Growth(long valueBefore) => TimeWeighted.Growth(valueBefore + In, Value + Out);
}

/// <summary>Between two external flows nothing comes or goes, so growth is the return.</summary>
/// <param name="From">Began when this day ended.</param>
/// <param name="To">Ended when this day ended.</param>
/// <param name="Begin">At work at the beginning: the value, with what was put in then.</param>
/// <param name="End">What it had become, before anything was taken out.</param>
/// <param name="Return">0.05 is 5 %; null when nothing was at work.</param>
public sealed record SubPeriod(DateOnly From, DateOnly To, long Begin, long End, double? Return);
