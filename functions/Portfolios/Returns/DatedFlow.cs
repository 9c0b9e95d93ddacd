namespace FinVault.Portfolios;

/// <summary>Money seen from the investor: less than 0 is put in, above 0 comes out (or could, at the end).</summary>
/// <param name="Date">The day; a rate works in whole days.</param>
/// <param name="Amount">In any unit, one for all flows of a sum.</param>
public readonly record struct DatedFlow(DateOnly Date, double Amount);
