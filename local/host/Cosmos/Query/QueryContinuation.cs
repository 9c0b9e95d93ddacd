using System.Globalization;

namespace FinVault.Local.Cosmos;

/// <summary>
/// Where the next page begins. A plain query goes on after the last document's row, so that documents created or
/// deleted meanwhile shift nothing; a sorted, distinct or grouped one counts its results and is computed anew.
/// </summary>
/// <param name="Row">The row of the last document looked at.</param>
/// <param name="Inside">How many results of that row were answered, if a JOIN gives it more; -1: all.</param>
/// <param name="Skipped">Results passed over for OFFSET.</param>
/// <param name="Answered">Results answered, for TOP and LIMIT and for computed queries.</param>
internal readonly record struct QueryContinuation(long Row, int Inside, long Skipped, long Answered)
{
    public static readonly QueryContinuation Start = new(0, -1, 0, 0);

    public static QueryContinuation Parse(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return Start;
        }
        string[] parts = token.Split('~');
        return parts is ["fv1", var row, var inside, var skipped, var answered]
            && long.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out long r)
            && int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int i)
            && long.TryParse(skipped, NumberStyles.None, CultureInfo.InvariantCulture, out long s)
            && long.TryParse(answered, NumberStyles.None, CultureInfo.InvariantCulture, out long a)
            ? new QueryContinuation(r, i, s, a)
            : throw new RefusedException($"The continuation token '{token}' is invalid.");
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"fv1~{Row}~{Inside}~{Skipped}~{Answered}");
}
