namespace FinVault.Portfolios;

/// <summary>What a model portfolio means for an account. Pure.</summary>
internal static class RecommendationMaking
{
    private const int TargetDigits = 4;
    private const string Note =
        "Reckoned from past daily closes, which say nothing certain of the future. Cash and what is owed of short sales are not "
        + "counted; taxes and fees are "
        + "in the plan that the targets lead to.";

    /// <param name="input">What was wanted.</param>
    /// <param name="currency">The account's.</param>
    /// <param name="model">The model portfolio.</param>
    /// <param name="held">Open holdings: the account's name, the market's, the quantity, the price where there is one.</param>
    /// <param name="sectors">Of symbols.</param>
    public static RecommendationResult Make(
        RecommendationInput input, string currency, ModelPortfolio model, IReadOnlyList<HeldAsset> held, Sectors sectors)
    {
        Dictionary<string, string> own = held.ToDictionary(one => one.Market, one => one.Symbol, StringComparer.Ordinal);
        Dictionary<string, double> wanted = model.Weights.ToDictionary(
            one => own.GetValueOrDefault(one.Symbol, one.Symbol), one => one.Weight, StringComparer.Ordinal);
        Dictionary<string, long?> values = held.ToDictionary(
            one => one.Symbol,
            one => one.Price is { } price ? MinorUnits.OfUnits(one.Quantity, price, currency) : null, StringComparer.Ordinal);
        long? total = values.Values.Aggregate((long?)0, (sum, value) => sum + value);
        Recommendation Of(string symbol)
        {
            double weight = wanted.GetValueOrDefault(symbol);
            double? current = total is null ? null
                : total > 0 ? (double)(values.GetValueOrDefault(symbol, 0) ?? 0) / total.Value : 0;
            long? amount = total is null ? null
                : (long)Math.Round(total.Value * (decimal)weight) - (values.GetValueOrDefault(symbol, 0) ?? 0);
            return new(symbol, sectors.Of(symbol), weight, current, weight - current, amount);
        }

        return new(
            input.Account, currency, input.Assessment, model,
            model.Unavailable is not null ? [] :
            [
                .. wanted.Keys.Union(values.Keys).Select(Of)
                    .OrderByDescending(one => one.Weight).ThenBy(one => one.Symbol, StringComparer.Ordinal),
            ],
            total, [.. values.Where(one => one.Value is null).Select(one => one.Key).Order(StringComparer.Ordinal)],
            Targets(wanted), Note);
    }

    /// <summary>Weights to four digits that sum to 1: those that lose most by being cut are given it back.</summary>
    public static IReadOnlyDictionary<string, decimal> Targets(IReadOnlyDictionary<string, double> weights)
    {
        const decimal Step = 0.0001m;
        var cut = weights.Select(one => (Symbol: one.Key, Exact: (decimal)one.Value))
            .Select(one => (one.Symbol, one.Exact, Weight: Math.Round(one.Exact, TargetDigits, MidpointRounding.ToZero)))
            .OrderByDescending(one => one.Exact - one.Weight).ThenBy(one => one.Symbol, StringComparer.Ordinal).ToArray();
        int missing = cut.Length == 0 ? 0 : (int)((1 - cut.Sum(one => one.Weight)) / Step);
        return cut.Select((one, i) => (one.Symbol, Weight: one.Weight + (i < missing ? Step : 0)))
            .Where(one => one.Weight > 0).OrderByDescending(one => one.Weight)
            .ToDictionary(one => one.Symbol, one => one.Weight, StringComparer.Ordinal);
    }
}

/// <summary>An open holding as recommendations need it.</summary>
/// <param name="Symbol">As the account calls it.</param>
/// <param name="Market">As the market does.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Price">Of a unit in the account's currency; null where there is none.</param>
internal sealed record HeldAsset(string Symbol, string Market, decimal Quantity, decimal? Price);
