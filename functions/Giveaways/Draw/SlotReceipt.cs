using System.Globalization;
using System.Text.Json.Serialization;

namespace FinVault.Giveaways.Draw;

/// <summary>
/// What a participant gets for an attempt, whether it won or not. It can be checked once the seed is public.
/// </summary>
/// <param name="Scheme"><see cref="DrawScheme.Name"/>.</param>
/// <param name="Giveaway">The giveaway's id.</param>
/// <param name="Participant">With the next two: the nonce.</param>
/// <param name="Number">The participant's attempts, counted from 1.</param>
/// <param name="ClientSeed">What the participant chose, or empty.</param>
/// <param name="AtMilliseconds">Unix milliseconds.</param>
/// <param name="Attempts">Attempts before this one, as far as was known.</param>
/// <param name="Awarded">Prizes gone before this one, as far as was known.</param>
/// <param name="Due">Prizes that the pace said were due.</param>
/// <param name="Expected">Attempts expected in the rest of the window.</param>
/// <param name="ChancePerBillion">The chance, in billionths.</param>
/// <param name="RollPerBillion">What the nonce rolled; below the chance wins.</param>
/// <param name="Prize">The prize's id; null when none was won.</param>
/// <param name="Seal">HMAC of all of it under the server's seed, hex.</param>
public sealed record SlotReceipt(
    string Scheme, string Giveaway, string Participant, int Number, string ClientSeed, long AtMilliseconds,
    long Attempts, int Awarded, long Due, long Expected, long ChancePerBillion, long RollPerBillion, string? Prize,
    string Seal)
{
    /// <summary>It rolled below its chance, and the last prize had just gone.</summary>
    [JsonIgnore]
    public bool SoldOut => Prize is null && RollPerBillion < ChancePerBillion;

    /// <summary>What is sealed: the fields in their order, separated by <c>|</c>, an empty prize for none.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Giveaway}|{Participant}|{Number}|{ClientSeed}|{AtMilliseconds}|{Attempts}|{Awarded}|{Due}|{Expected}|"
        + $"{ChancePerBillion}|{RollPerBillion}|{Prize}");
}
