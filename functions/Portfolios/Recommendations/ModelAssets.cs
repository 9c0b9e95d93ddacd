using System.Globalization;

namespace FinVault.Portfolios;

/// <summary>Why an asset is no part of a model portfolio's choice.</summary>
public enum LeftOutReason
{
    /// <summary>Its sector is not known, so that no cap of a sector can hold for it.</summary>
    NoSector,

    /// <summary>It has too few daily closes, in all or beside the others.</summary>
    TooShort,

    /// <summary>It has no close on too many days, on which it would seem not to move.</summary>
    SeldomTraded,

    /// <summary>A day's move that no market makes: a split, or a wrong price.</summary>
    Jump,
}

/// <summary>An asset that was not considered, and why.</summary>
public sealed record LeftOutAsset(string Symbol, LeftOutReason Reason, string Detail);

/// <summary>What a model portfolio is chosen from.</summary>
/// <param name="Assets">Those that are considered.</param>
/// <param name="Days">The days of their closes; one more than there are returns.</param>
/// <param name="Returns">A row a day from the second on, an item an asset, none missing.</param>
/// <param name="LeftOut">Those that are not.</param>
internal sealed record ModelInput(
    IReadOnlyList<ModelAsset> Assets, IReadOnlyList<DateOnly> Days, AssetReturns Returns, IReadOnlyList<LeftOutAsset> LeftOut);

/// <summary>
/// Chooses, from closes, the assets and the days that can be compared. Pure. A day without a close has the one before,
/// so a return of 0; the window begins when the youngest of the assets has its first close.
/// </summary>
internal static class ModelAssets
{
    /// <summary>Daily returns below which nothing is recommended, and beyond which they are too old.</summary>
    public const int FewestReturns = 120;
    public const int MostReturns = 504;

    /// <summary>The part of the days since its first on which an asset must have a close.</summary>
    public const double LeastTraded = 0.9;

    /// <summary>Closes are as they were: nothing adjusts them for splits and bonus issues, which look like this.</summary>
    public const double LargestMove = 0.4;

    public static ModelInput Choose(CloseTable table, Sectors sectors, bool needSectors)
    {
        (DateOnly Date, double[] Closes)[] days = [.. table.Days.TakeLast(MostReturns + 1)];
        Column[] columns = [.. table.Symbols.Select((symbol, i) => Column.Of(symbol, [.. days.Select(day => day.Closes[i])]))];
        // Half of what the longest has: a young asset would shorten the window of all.
        int least = Math.Max(FewestReturns, columns.Select(one => one.Returns).DefaultIfEmpty(0).Max() / 2);
        List<LeftOutAsset> leftOut = [];
        List<(ModelAsset Asset, Column Column)> chosen = [];
        foreach (Column column in columns)
        {
            string? sector = sectors.Of(column.Symbol);
            if (needSectors && sector is null)
            {
                leftOut.Add(new(column.Symbol, LeftOutReason.NoSector, "Its sector is not known, so no cap of a sector can hold for it."));
            }
            else if (column.Fault(least) is { } fault)
            {
                leftOut.Add(fault);
            }
            else
            {
                chosen.Add((new(column.Symbol, sector), column));
            }
        }

        return Cut(days, chosen, leftOut);
    }

    private static ModelInput Cut(
        (DateOnly Date, double[] Closes)[] days, List<(ModelAsset Asset, Column Column)> chosen, List<LeftOutAsset> leftOut)
    {
        if (chosen.Count == 0)
        {
            return new([], [], new([]), leftOut);
        }

        int first = chosen.Max(one => one.Column.First);
        double[][] rows =
            [.. Enumerable.Range(first, days.Length - first).Select(day => chosen.Select(one => one.Column.Filled[day]).ToArray())];
        return new(
            [.. chosen.Select(one => one.Asset)], [.. days.Skip(first).Select(day => day.Date)],
            AssetReturns.OfPrices(rows), leftOut);
    }

    /// <param name="Filled">Its closes; on days without one, the last before; <c>NaN</c> before the first.</param>
    /// <param name="First">The first day with a close; as many as there are days where there is none.</param>
    /// <param name="Traded">Days with a close.</param>
    /// <param name="Largest">The largest move from close to close, either way.</param>
    private sealed record Column(string Symbol, double[] Filled, int First, int Traded, double Largest)
    {
        public int Returns => Math.Max(0, Filled.Length - First - 1);

        public static Column Of(string symbol, double[] closes)
        {
            double last = double.NaN;
            double largest = 0;
            double[] filled = [.. closes];
            for (int i = 0; i < closes.Length; i++)
            {
                if (!double.IsNaN(closes[i]))
                {
                    largest = double.IsNaN(last) ? largest : Math.Max(largest, Math.Abs((closes[i] / last) - 1));
                    last = closes[i];
                }

                filled[i] = last;
            }

            int first = Array.FindIndex(closes, close => !double.IsNaN(close));
            return new(
                symbol, filled, first < 0 ? closes.Length : first, closes.Count(close => !double.IsNaN(close)), largest);
        }

        public LeftOutAsset? Fault(int least)
        {
            string days = (Filled.Length - First).ToString(CultureInfo.InvariantCulture);
            return Returns < least
                ? new(Symbol, LeftOutReason.TooShort, $"It has {Returns} daily returns; {least} are needed beside the others.")
                : Traded < LeastTraded * (Filled.Length - First)
                ? new(Symbol, LeftOutReason.SeldomTraded, $"It has a close on {Traded} of {days} days.")
                : Largest > LargestMove
                ? new(Symbol, LeftOutReason.Jump, string.Create(
                    CultureInfo.InvariantCulture, $"It moved by {Largest:P0} in a day, which looks like a split or a wrong price."))
                : null;
        }
    }
}
