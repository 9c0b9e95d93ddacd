using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Escrow;

namespace FinVault.Operations;

/// <summary>
/// Ledger transfers of a timeline. Convention: an activity whose input or output is an object names transfers in its
/// property <c>transferId</c> (a string) or <c>transferIds</c> (an array of strings), in any case of letters.
/// </summary>
public sealed class TransferLinks(Ledger ledger)
{
    // Each costs two point reads; a page of steps that names more shows the rest by id alone.
    private const int MostLookups = 200;
    private const int AtOnce = 8;

    /// <summary>The steps with their transfers.</summary>
    public async Task<IReadOnlyList<TimelineStep>> AddToAsync(
        IReadOnlyList<TimelineStep> steps, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(steps);
        Dictionary<string, Transfer?> found = [];
        string[] wanted = [.. steps.SelectMany(IdsOf).Distinct().Take(MostLookups)];
        foreach (string[] some in wanted.Chunk(AtOnce))
        {
            Transfer?[] read = await Task.WhenAll(some.Select(id => ledger.FindTransferAsync(id, cancellationToken)));
            foreach ((string id, Transfer? transfer) in some.Zip(read))
            {
                found[id] = transfer;
            }
        }

        return [.. steps.Select(step => step with { Transfers = Linked(step) })];

        LinkedTransfer[] Linked(TimelineStep step) =>
            [.. IdsOf(step).Select(id => new LinkedTransfer(id, found.GetValueOrDefault(id)))];
    }

    internal static IEnumerable<string> IdsOf(TimelineStep step) => step.Kind == StepKind.Activity
        ? Named(step.Input).Concat(Named(step.Output)).Distinct()
        : [];

    private static IEnumerable<string> Named(JsonNode? payload) => payload is not JsonObject properties
        ? []
        : properties.SelectMany(property => property switch
        {
            _ when Is(property.Key, "transferId") => [property.Value],
            _ when Is(property.Key, "transferIds") && property.Value is JsonArray many => many.AsEnumerable(),
            _ => [],
        }).Select(Id).OfType<string>();

    private static bool Is(string key, string name) => key.Equals(name, StringComparison.OrdinalIgnoreCase);

    // What has not the form of an id names nothing.
    private static string? Id(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String && Transfer.IsId(value.GetValue<string>())
            ? value.GetValue<string>()
            : null;
}
