using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.SignalR.Management;
using Microsoft.Extensions.Logging;

namespace FinVault.Identity;

/// <summary>
/// The live connections of sessions. The serverless service tells nobody which connections a user has, so those of who has
/// signed in are noted here; when a session ends, its connections are closed. A client comes back with the token that it
/// has then, or as nobody.
/// <para>
/// What the service cannot do: a connection does not end with its token. A session that is ended closes it at once; one
/// that just runs out, without anybody asking for anything, leaves it open until the client asks, or the next sign-in
/// of the user.
/// </para>
/// </summary>
public sealed partial class LiveConnections(
    IdentityDocuments documents, SessionStore sessions, MembershipStore memberships, Lazy<ServiceHubContext> hub,
    IdentityOptions options, TimeProvider time, ILogger<LiveConnections> logger)
{
    private const string SignedOut = "signed_out";

    // Should the service never say that a connection is gone.
    private readonly int _keptSeconds = (int)options.Sessions.Absolute.TotalSeconds + 3600;

    public static string TenantGroup(string tenant) => $"tenant:{tenant}";

    /// <summary>Notes a connection; closes it when its session has ended since it was negotiated.</summary>
    public async Task OpenedAsync(string connection, string user, string session, CancellationToken cancellationToken)
    {
        // Noted before it is looked at, so that a session that ends in between finds it.
        await documents.CreateAsync(
            user, new LiveDocument(IdOf(connection), user, session, connection, _keptSeconds), cancellationToken);
        await SweepAsync(user, cancellationToken);
    }

    public Task ClosedAsync(string connection, string user, CancellationToken cancellationToken) =>
        documents.DeleteAsync(user, IdOf(connection), null, cancellationToken);

    /// <summary>Puts a connection into the group of a tenant, if its user is of that tenant and still signed in.</summary>
    /// <returns>Whether it is in.</returns>
    public async Task<bool> JoinTenantAsync(
        string connection, string? user, string? session, string tenant, CancellationToken cancellationToken)
    {
        if (user is null || session is null || !Ids.IsValid(tenant, "TENANT")
            || await memberships.FindAsync(user, tenant, cancellationToken) is null
            || !await IsLivingAsync(user, session, cancellationToken))
        {
            return false;
        }

        await hub.Value.Groups.AddToGroupAsync(connection, TenantGroup(tenant), cancellationToken);
        return true;
    }

    /// <summary>
    /// Closes the connections of a user's sessions that are over. The session is over in any case: what fails here is
    /// logged, and done at the next chance.
    /// </summary>
    public Task SweepAsync(string user, CancellationToken cancellationToken) => CloseAsync(
        user,
        async () =>
        {
            HashSet<string> living = [.. (await LivingAsync(user, cancellationToken)).Select(one => one.Id)];
            return one => !living.Contains(one.Session);
        },
        cancellationToken);

    /// <summary>Closes all of a user's connections: what they may has changed.</summary>
    public Task CloseAllAsync(string user, CancellationToken cancellationToken) => CloseAsync(
        user, () => Task.FromResult<Func<LiveDocument, bool>>(_ => true), cancellationToken);

    private async Task CloseAsync(
        string user, Func<Task<Func<LiveDocument, bool>>> which, CancellationToken cancellationToken)
    {
        try
        {
            QueryDefinition query = new("SELECT * FROM c WHERE c.type = 'live'");
            List<LiveDocument> all = [];
            await foreach (LiveDocument one in documents.QueryAsync<LiveDocument>(user, query, cancellationToken))
            {
                all.Add(one);
            }

            if (all.Count == 0)
            {
                return;
            }

            Func<LiveDocument, bool> isOver = await which();
            foreach (LiveDocument one in all.Where(isOver))
            {
                await hub.Value.ClientManager.CloseConnectionAsync(one.Connection, SignedOut, cancellationToken);
                await documents.DeleteAsync(user, one.Id, null, cancellationToken);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotClosed(failure, user);
        }
    }

    private async Task<bool> IsLivingAsync(string user, string session, CancellationToken cancellationToken) =>
        (await LivingAsync(user, cancellationToken)).Any(one => one.Id == session);

    private async Task<IReadOnlyList<Session>> LivingAsync(string user, CancellationToken cancellationToken) =>
        SessionRules.Living(await sessions.ReadAsync(user, cancellationToken), options.Sessions, time.GetUtcNow());

    private static string IdOf(string connection) => $"LIVE_{Guard.Hash(connection)}";

    [LoggerMessage(1502, LogLevel.Warning, "Connections of {User} were not closed with their session")]
    private partial void LogNotClosed(Exception failure, string user);

    [NotAudited("It lives as long as a connection.")]
    private sealed record LiveDocument(string Id, string User, string Session, string Connection, int Ttl)
    {
        public string Type { get; init; } = "live";
    }
}
