using System.Net;
using System.Text;
using FinVault.Audit;
using FinVault.Identity;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Notifications;

/// <summary>
/// Devices in their users' partitions. Their ids follow from what they are, so that one that is added twice is there once.
/// </summary>
public sealed class DeviceStore(NotificationDocuments documents, TimeProvider time)
{
    public const int MaxDevices = 10;

    private const int CodeBytes = 16;

    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(15);

    internal async Task<IReadOnlyList<DeviceDocument>> ListAsync(string user, CancellationToken cancellationToken) =>
        await documents.QueryAsync<DeviceDocument>(
            user, new("SELECT * FROM c WHERE c.type = 'device'"), cancellationToken).ToListAsync(cancellationToken);

    internal Task<DeviceDocument?> FindAsync(string user, string id, CancellationToken cancellationToken) =>
        documents.FindAsync<DeviceDocument>(user, id, cancellationToken);

    /// <summary>Adds one, or puts it in the place of the same.</summary>
    /// <exception cref="ProblemException">too_many_devices.</exception>
    internal async Task<DeviceView> AddAsync(
        string user, NoticeChannel channel, string name, PushSubscription? push, long? chat,
        CancellationToken cancellationToken)
    {
        string id = IdOf(channel, push?.Endpoint ?? $"{chat}");
        DeviceDocument device = new(id, user, channel, name, time.GetUtcNow(), push, chat);
        while (true)
        {
            if (await documents.FindVersionedAsync<DeviceDocument>(user, id, cancellationToken) is { } there)
            {
                if (await documents.ReplaceAsync(user, id, device, there.ETag, cancellationToken))
                {
                    return device.View();
                }

                continue;
            }

            // Counted in the same transaction, so that those who come at once are not more than may be.
            TransactionalBatch batch = documents.Batch(user).CreateItem(device).PatchItem(
                DeviceCount.DocumentId, [PatchOperation.Increment("/total", 1)],
                new() { FilterPredicate = $"FROM c WHERE c.total < {MaxDevices}" });
            switch (await Documents.ExecuteAsync(batch, cancellationToken))
            {
                case { IsDone: true }:
                    return device.View();
                case (1, HttpStatusCode.PreconditionFailed):
                    throw Problems.TooManyDevices.With($"You have {MaxDevices} devices. Remove one first.");
                case (1, HttpStatusCode.NotFound):
                    await CountAsync(user, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>False when it is gone.</summary>
    internal async Task<bool> RemoveAsync(string user, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            TransactionalBatch batch = documents.Batch(user).DeleteItem(id)
                .PatchItem(DeviceCount.DocumentId, [PatchOperation.Increment("/total", -1)]);
            switch (await Documents.ExecuteAsync(batch, cancellationToken))
            {
                case { IsDone: true }:
                    return true;
                case (1, HttpStatusCode.NotFound):
                    await CountAsync(user, cancellationToken);
                    break;
                default:
                    return false;
            }
        }
    }

    // For who added devices before they were counted.
    private async Task CountAsync(string user, CancellationToken cancellationToken) => await documents.CreateAsync(
        user, new DeviceCount(user, (await ListAsync(user, cancellationToken)).Count), cancellationToken);

    /// <summary>A code that links a chat to a user, once.</summary>
    internal async Task<(string Code, DateTimeOffset Until)> MakeCodeAsync(string user, CancellationToken cancellationToken)
    {
        string code = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(CodeBytes));
        DateTimeOffset until = time.GetUtcNow() + CodeLife;
        CodeDocument document = new(CodeId, CodePartition(code), user, until, (int)CodeLife.TotalSeconds);
        await documents.CreateAsync(document.User, document, cancellationToken);
        return (code, until);
    }

    /// <summary>Uses a code up; null when there is no such, or no longer.</summary>
    internal async Task<string?> TakeCodeAsync(string code, CancellationToken cancellationToken)
    {
        Versioned<CodeDocument>? found = await documents.FindVersionedAsync<CodeDocument>(
            CodePartition(code), CodeId, cancellationToken);
        return found is { Document: var document } && document.Until > time.GetUtcNow()
            && await documents.DeleteAsync(document.User, CodeId, found.ETag, cancellationToken)
            ? document.Owner
            : null;
    }

    private const string CodeId = "code";

    private static string CodePartition(string code) => $"CODE_{Guard.Hash(code)}";

    private static string IdOf(NoticeChannel channel, string address) =>
        Ids.Derive(DeviceDocument.Prefix, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes($"{channel}\n{address}"));

    [NotAudited("It follows from the devices.")]
    private sealed record DeviceCount(string User, int Total)
    {
        public const string DocumentId = "deviceCount";

        public string Id { get; init; } = DocumentId;

        public string Type { get; init; } = DocumentId;
    }

    [NotAudited("It lives for minutes, and is good once.")]
    private sealed record CodeDocument(string Id, string User, string Owner, DateTimeOffset Until, int Ttl)
    {
        public string Type { get; init; } = "code";
    }
}
