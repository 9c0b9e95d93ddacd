using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>Refuses what cannot be recommended from, before a job is begun for it.</summary>
public sealed class RecommendationChecks(CloseTables closes, Sectors sectors)
{
    public const int FewestSymbols = 2;

    private const int MostNamed = 100;

    /// <summary>Judges answers.</summary>
    /// <exception cref="ProblemException">invalid_answers.</exception>
    public static RiskAssessment Assess(IReadOnlyDictionary<string, string> answers)
    {
        IReadOnlyList<string> faults = RiskQuestionnaire.Faults(answers);
        return faults.Count == 0
            ? RiskQuestionnaire.Assess(answers)!
            : throw Problems.InvalidAnswers.With(
                "Each question has one of its answers, and there are no others.",
                new Dictionary<string, object?> { ["questions"] = faults.Take(MostNamed).ToArray() });
    }

    /// <summary>A profile's limits, with what was told in their place; null where nothing was.</summary>
    /// <exception cref="ProblemException">invalid_limits.</exception>
    public AllocationLimits? Limits(RiskProfile profile, LimitsRequest? told, IReadOnlyList<string>? symbols)
    {
        if (told is null)
        {
            return null;
        }

        AllocationLimits own = ProfileLimits.Of(profile);
        AllocationGoal goal = told.Goal ?? own.Goal;
        AllocationLimits limits = new(
            goal, goal == AllocationGoal.TargetRisk ? told.Volatility ?? own.Volatility : 0,
            told.LargestAsset ?? own.LargestAsset, told.LargestSector ?? own.LargestSector)
        {
            SectorCaps = told.SectorCaps ?? own.SectorCaps,
            Bounds = told.Bounds ?? own.Bounds,
            RiskFree = told.RiskFree ?? own.RiskFree,
            IsStrict = true,
        };
        return Fault(limits, told, symbols) is { } fault ? throw Problems.InvalidLimits.With(fault) : limits;
    }

    /// <summary>Told symbols, each once: known, of one currency, and of a sector where caps need one.</summary>
    /// <param name="told">The symbols.</param>
    /// <param name="most">So many at most.</param>
    /// <param name="currency">Theirs; null for any, the same for all.</param>
    /// <param name="limits">That they are for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException">invalid_limits, unknown_symbol, sector_unknown.</exception>
    internal async Task<string[]> SymbolsAsync(
        IReadOnlyList<string> told, int most, string? currency, AllocationLimits limits, CancellationToken cancellationToken)
    {
        string[] symbols = [.. told.Distinct()];
        if (symbols.Length < FewestSymbols || symbols.Length > most)
        {
            throw Problems.InvalidLimits.With($"There are {FewestSymbols} to {most} symbols to choose from.");
        }

        IReadOnlyList<(string Symbol, string? Currency)> known = await closes.CurrenciesAsync(symbols, cancellationToken);
        if (known.Where(one => one.Currency is null).Select(one => one.Symbol).ToArray() is { Length: > 0 } unknown)
        {
            throw Problems.UnknownSymbol.With("No tick of some of the symbols was ever accepted.", Named(unknown));
        }

        if (known.Any(one => one.Currency != (currency ?? known[0].Currency)))
        {
            throw Problems.InvalidLimits.With($"The symbols are not all priced in {currency ?? "one currency"}.");
        }

        string[] homeless = limits.NeedSectors ? [.. symbols.Where(symbol => sectors.Of(symbol) is null)] : [];
        return homeless.Length == 0 ? symbols : throw Problems.SectorUnknown.With(
            "No cap of a sector can hold for symbols without one. Leave them out, or send largestSector 1 without sectorCaps.",
            Named(homeless));
    }

    private string? Fault(AllocationLimits limits, LimitsRequest told, IReadOnlyList<string>? symbols) =>
        told.Volatility is not null && limits.Goal != AllocationGoal.TargetRisk ? "A volatility is for the goal targetRisk."
        : limits.Goal == AllocationGoal.TargetRisk && limits.Volatility is not (> 0 and <= 2)
            ? "The goal targetRisk needs a volatility above 0, at most 2."
        : limits.LargestAsset is not (> 0 and <= 1) || limits.LargestSector is not (> 0 and <= 1)
            ? "The largest weights are above 0, at most 1."
        : limits.RiskFree is not (>= 0 and <= 0.5) ? "The free rate is 0 to 0.5."
        : limits.SectorCaps.Any(one => one.Value is not (>= 0 and <= 1) || !sectors.Names.Contains(one.Key))
            ? "Caps are of sectors that there are, 0 to 1."
        : limits.Bounds.Values.Any(one => !(one.Least >= 0 && one.Least <= one.Greatest && one.Greatest <= 1))
            ? "Bounds are 0 ≤ least ≤ greatest ≤ 1."
        : limits.Bounds.Keys.Any(symbol => symbols?.Contains(symbol) != true) ? "Bounds are of the symbols that were sent."
        : null;

    private static Dictionary<string, object?> Named(string[] symbols) => new() { ["symbols"] = symbols };
}
