using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Audit;

/// <summary>How far an entity's chain was when it was sealed.</summary>
public sealed record SealedHead(string Entity, long Version, string Hash);

/// <summary>
/// The ends of the chains that have grown since the seal before, chained by itself: what it holds cannot be taken out
/// as a whole without being missed.
/// </summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Heads">What has grown.</param>
/// <param name="At">When it was made.</param>
/// <param name="PreviousHash">Of the seal before.</param>
[NotAudited("It is the audit trail itself.")]
internal sealed record AuditSeal(long Number, IReadOnlyList<SealedHead> Heads, DateTimeOffset At, string PreviousHash)
{
    /// <summary>The partition of all seals.</summary>
    public const string Chain = "seal";

    public const string DocumentType = "seal";

    public string Id { get; init; } = IdOf(Number);

    public string Entity { get; init; } = Chain;

    public string Type { get; init; } = DocumentType;

    public string Hash { get; init; } = "";

    [JsonIgnore]
    public bool IsIntact => Hash == ComputeHash();

    public static string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"S{number:D10}");

    public string ComputeHash()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{PreviousHash}\n{Number}\n{At.UtcTicks}\n");
        foreach (SealedHead head in Heads)
        {
            text.Append(CultureInfo.InvariantCulture, $"{head.Entity.Length}:{head.Entity}\n{head.Version}\n{head.Hash}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>The end of the chain of seals.</summary>
[NotAudited("It is the audit trail itself.")]
internal sealed record SealHead(long Number, string Hash)
{
    public string Id { get; init; } = AuditHead.DocumentId;

    public string Entity { get; init; } = AuditSeal.Chain;

    public string Type { get; init; } = "sealHead";
}

/// <summary>Makes seals. Two that make one at once make one.</summary>
public sealed partial class AuditSeals(AuditStore store, TimeProvider time, ILogger<AuditSeals> logger)
{
    private const int MaxHeads = 1_000;

    /// <summary>Seals what has grown; does nothing when nothing has.</summary>
    public async Task SealAsync(CancellationToken cancellationToken)
    {
        while (await SealPartAsync(cancellationToken) == MaxHeads)
        {
            // There was more than one seal takes.
        }
    }

    private async Task<int> SealPartAsync(CancellationToken cancellationToken)
    {
        List<AuditHead> open = [];
        await foreach (AuditHead head in store.OpenHeadsAsync(MaxHeads, cancellationToken))
        {
            open.Add(head);
        }

        if (open.Count == 0)
        {
            return 0;
        }

        Versioned<SealHead>? last =
            await store.FindVersionedAsync<SealHead>(AuditSeal.Chain, AuditHead.DocumentId, cancellationToken);
        AuditSeal seal = new(
            (last?.Document.Number ?? 0) + 1, [.. open.Select(head => new SealedHead(head.Entity, head.Version, head.Hash))],
            time.GetUtcNow(), last?.Document.Hash ?? AuditRecord.FirstHash);
        seal = seal with { Hash = seal.ComputeHash() };
        if (await store.SealAsync(seal, last?.ETag, cancellationToken))
        {
            // A copy outside of the store, which whoever could rewrite all of it does not reach.
            LogSeal(seal.Number, seal.Heads.Count, seal.Hash);
            foreach (AuditHead head in open)
            {
                await store.CloseAsync(head, cancellationToken);
            }
        }

        return open.Count;
    }

    [LoggerMessage(1601, LogLevel.Information, "Audit seal {Number} over {Chains} chains: {Hash}")]
    private partial void LogSeal(long number, int chains, string hash);
}
