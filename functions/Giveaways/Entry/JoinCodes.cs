using System.Security.Cryptography;
using System.Text;
using FinVault.Audit;

namespace FinVault.Giveaways;

/// <summary>
/// Short codes that lead to a giveaway, for people to type and for QR codes: 8 letters and digits without those that
/// look alike. A code is a document of its own partition, created once, so no two giveaways have the same.
/// </summary>
public sealed class JoinCodes(GiveawayDocuments documents)
{
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 8;

    /// <summary>The giveaway's code: the first of its own codes that no other has.</summary>
    public async Task<string> TakeAsync(string giveaway, CancellationToken cancellationToken)
    {
        for (int tries = 0; ; tries++)
        {
            string code = Derive($"{giveaway}/{tries}");
            JoinPointer pointer = new(PartitionOf(code), giveaway);
            if (await documents.CreateAsync(pointer.Giveaway, pointer, cancellationToken)
                || await FindAsync(code, cancellationToken) == giveaway)
            {
                return code;
            }
        }
    }

    /// <summary>The giveaway of a code, however it is written; null for none.</summary>
    public async Task<string?> FindAsync(string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        string clean = code.Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant();
        if (clean.Length != Length || !clean.All(Letters.Contains))
        {
            return null;
        }

        JoinPointer? pointer = await documents.FindAsync<JoinPointer>(
            PartitionOf(clean), JoinPointer.DocumentId, cancellationToken);
        return pointer?.Target;
    }

    private static string PartitionOf(string code) => $"join:{code}";

    private static string Derive(string seed)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"join/{seed}"));
        return string.Concat(hash.Take(Length).Select(b => Letters[b % Letters.Length]));
    }

    [NotAudited("It follows from the giveaway.")]
    private sealed record JoinPointer(string Giveaway, string Target)
    {
        public const string DocumentId = "join";

        public string Id { get; init; } = DocumentId;

        public string Type { get; init; } = "join";
    }
}
