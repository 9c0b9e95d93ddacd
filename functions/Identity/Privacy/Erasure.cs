using System.Text.Json;
using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;

namespace FinVault.Identity;

/// <summary>How far an erasure is.</summary>
public enum ErasureState
{
    /// <summary>Asked for; it can still be called off.</summary>
    Requested,

    /// <summary>Called off by the person.</summary>
    Cancelled,

    /// <summary>Something stood in its way when its time came.</summary>
    Refused,

    /// <summary>Under way; nobody signs in any more.</summary>
    Running,

    /// <summary>Nothing is left that says who it was.</summary>
    Done,
}

/// <summary>An erasure as the person sees it.</summary>
/// <param name="State">How far it is.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="DueAt">When it begins; until then it can be called off.</param>
/// <param name="Obstacle">Why it was refused.</param>
public sealed record ErasureView(ErasureState State, DateTimeOffset RequestedAt, DateTimeOffset DueAt, string? Obstacle);

/// <summary>An erasure's orchestration goes by this.</summary>
public sealed record ErasureRun(string User, int Run, DateTimeOffset DueAt)
{
    public string Instance => $"ERASURE-{User}-{Run}";
}

/// <summary>A step of an erasure.</summary>
public sealed record ErasureStep(string User, string Slice);

/// <summary>The settings <c>Privacy__…</c>.</summary>
public sealed class PrivacyOptions(IConfiguration configuration)
{
    public const string Section = "Privacy";

    private const int DefaultDays = 14;
    private const int MaxDays = 28;

    /// <summary>Every setting that Azure must have.</summary>
    public static IReadOnlyList<string> Settings { get; } = [nameof(GraceDays)];

    /// <summary>Days in which an erasure can be called off, 0 to 28: a month is what the law gives (GDPR, article 12).</summary>
    public int GraceDays => configuration.GetValue($"{Section}:{nameof(GraceDays)}", DefaultDays) is var days
        && days is >= 0 and <= MaxDays
        ? days
        : throw new InvalidOperationException($"'{Section}__{nameof(GraceDays)}' is 0 to {MaxDays}.");
}

/// <summary>
/// Erasing a person: asked for, called off or begun when its time has come, and then one idempotent step after another. At
/// the end the person's data keys are destroyed; nothing that was chained or booked is touched.
/// </summary>
public sealed class Erasure(
    IdentityDocuments documents, Persons persons, IdentityData identity, IEnumerable<IPersonalData> slices, DataKeys keys,
    AuditTrail trail, PrivacyOptions options, TimeProvider time)
{
    private readonly IPersonalData[] _slices =
        [.. slices.Where(one => one is not IdentityData).OrderBy(one => one.Slice, StringComparer.Ordinal)];

    /// <summary>Steps in their order, after which the account itself goes.</summary>
    internal IReadOnlyList<string> Slices => [.. _slices.Select(one => one.Slice)];

    internal async Task<ErasureView?> FindAsync(string user, CancellationToken cancellationToken) =>
        (await ReadAsync(user, cancellationToken))?.Document.View();

    /// <summary>Asks for it; one that was asked for already stays as it is.</summary>
    /// <exception cref="ProblemException">erasure_not_possible.</exception>
    internal async Task<(ErasureRun Run, ErasureView View)> RequestAsync(string user, CancellationToken cancellationToken)
    {
        while (true)
        {
            Versioned<ErasureDocument>? there = await ReadAsync(user, cancellationToken);
            if (there?.Document is { IsOpen: true } open)
            {
                return (open.Order, open.View());
            }

            if (await ObstacleAsync(user, cancellationToken) is { } obstacle)
            {
                throw Problems.ErasureNotPossible.With(obstacle);
            }

            DateTimeOffset now = time.GetUtcNow();
            ErasureDocument next = new(
                user, (there?.Document.Run ?? 0) + 1, ErasureState.Requested, now, now.AddDays(options.GraceDays), null);
            bool written = there is null
                ? await documents.CreateAsync(user, next, cancellationToken)
                : await documents.ReplaceAsync(user, next.Id, next, there.ETag, cancellationToken);
            if (written)
            {
                await TellAsync(user, "identity.erasureRequested", cancellationToken);
                return (next.Order, next.View());
            }
        }
    }

    /// <summary>Calls it off.</summary>
    /// <exception cref="ProblemException">unknown_erasure: there is none that could be.</exception>
    internal async Task CancelAsync(string user, CancellationToken cancellationToken)
    {
        if (!await MoveAsync(user, null, ErasureState.Requested, ErasureState.Cancelled, null, cancellationToken))
        {
            throw Problems.UnknownErasure.With("There is no erasure that can be called off.");
        }

        await TellAsync(user, "identity.erasureCancelled", cancellationToken);
    }

    /// <summary>Its time has come: false when it was called off, or something stands in its way.</summary>
    internal async Task<bool> BeginAsync(ErasureRun run, CancellationToken cancellationToken)
    {
        if (await ReadAsync(run.User, cancellationToken) is not { Document: var now } || now.Run != run.Run)
        {
            return false;
        }

        if (now.State == ErasureState.Requested && await ObstacleAsync(run.User, cancellationToken) is { } obstacle)
        {
            await MoveAsync(run.User, run.Run, ErasureState.Requested, ErasureState.Refused, obstacle, cancellationToken);
            return false;
        }

        if (now.State != ErasureState.Running && !await MoveAsync(
            run.User, run.Run, ErasureState.Requested, ErasureState.Running, null, cancellationToken))
        {
            return false;
        }

        await identity.CloseAsync(run.User, cancellationToken);
        return true;
    }

    internal async Task EraseAsync(ErasureStep step, CancellationToken cancellationToken)
    {
        Person person = await persons.ReadAsync(step.User, cancellationToken);
        await _slices.Single(one => one.Slice == step.Slice).EraseAsync(person, cancellationToken);
    }

    /// <summary>The keys, and then the account, by which the rest was found.</summary>
    internal async Task FinishAsync(string user, CancellationToken cancellationToken)
    {
        Person person = await persons.ReadAsync(user, cancellationToken);
        foreach (string subject in person.Tenants.Append(user))
        {
            await keys.DestroyAsync(subject, cancellationToken);
        }

        await identity.EraseAsync(person, cancellationToken);
        await trail.RecordAsync(
            new("user", user, "identity.erased", Membership.OwnTenantOf(user), Id: $"erased-{user}"), cancellationToken);
        await MoveAsync(user, null, ErasureState.Running, ErasureState.Done, null, cancellationToken);
    }

    private async Task<string?> ObstacleAsync(string user, CancellationToken cancellationToken)
    {
        Person person = await persons.ReadAsync(user, cancellationToken);
        foreach (IPersonalData slice in _slices)
        {
            if (await slice.FindObstacleAsync(person, cancellationToken) is { } obstacle)
            {
                return obstacle;
            }
        }

        return null;
    }

    private Task<Versioned<ErasureDocument>?> ReadAsync(string user, CancellationToken cancellationToken) =>
        documents.FindVersionedAsync<ErasureDocument>(user, ErasureDocument.DocumentId, cancellationToken);

    private Task<bool> MoveAsync(
        string user, int? run, ErasureState from, ErasureState to, string? obstacle, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            user, ErasureDocument.DocumentId, $"FROM c WHERE c.state = '{Name(from)}'{(run is null ? "" : $" AND c.run = {run}")}",
            cancellationToken, PatchOperation.Set("/state", Name(to)), PatchOperation.Set("/obstacle", obstacle));

    private Task TellAsync(string user, string name, CancellationToken cancellationToken) =>
        trail.RecordAsync(new("user", user, name, Membership.OwnTenantOf(user)), cancellationToken);

    private static string Name(ErasureState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    /// <summary>Stays, without saying who it was: what runs again must find that it is done.</summary>
    [NotAudited("Its steps are told by events.")]
    private sealed record ErasureDocument(
        string User, int Run, ErasureState State, DateTimeOffset RequestedAt, DateTimeOffset DueAt, string? Obstacle)
    {
        public const string DocumentId = "erasure";

        public string Id { get; init; } = DocumentId;

        public string Type { get; init; } = DocumentId;

        [System.Text.Json.Serialization.JsonIgnore]
        public bool IsOpen => State is ErasureState.Requested or ErasureState.Running;

        [System.Text.Json.Serialization.JsonIgnore]
        public ErasureRun Order => new(User, Run, DueAt);

        public ErasureView View() => new(State, RequestedAt, DueAt, Obstacle);
    }
}
