using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using FinVault.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Support;

/// <summary>
/// Signs anybody in as anybody, in any role of any tenant: with an account, a membership and a session that the app's own
/// services make, and so with an access token as everybody's. Only the password is left out, which takes long by intent.
/// </summary>
public sealed class TestSessions(IServiceProvider services) : IDisposable
{
    // Well within the time for which who has just signed in need not prove it again, and a token's life.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(4);
    private const int MostAtOnce = 4;
    private static readonly ClientTrace Client = new("Tests", "127.0.0.1");

    private readonly ConcurrentDictionary<string, CurrentUser> _named = new();
    private readonly Dictionary<(string User, string Tenant), (string Token, DateTimeOffset Until)> _tokens = [];
    private readonly Dictionary<(string User, string Tenant), IReadOnlySet<string>> _roles = [];
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>A header that a <see cref="Handler"/> makes a token of when it is sent, however late that is.</summary>
    public AuthenticationHeaderValue HeaderOf(CurrentUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        string name = $"{user.UserId}/{user.TenantId}/{string.Join('+', user.Roles.Order())}";
        _named[name] = user;
        return new(Handler.Scheme, name);
    }

    /// <summary>A token for who sends it by themselves.</summary>
    public string Issue(CurrentUser user) => Task.Run(() => IssueAsync(user)).GetAwaiter().GetResult();

    /// <summary>
    /// A token of a session that has just begun. The user has these roles in this tenant from now on, also with the
    /// tokens from before.
    /// </summary>
    public async Task<string> IssueAsync(CurrentUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        await _oneAtATime.WaitAsync();
        try
        {
            DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            (string, string) key = (user.UserId, user.TenantId);
            await AppointAsync(user);
            if (_tokens.TryGetValue(key, out (string Token, DateTimeOffset Until) held) && now < held.Until)
            {
                return held.Token;
            }

            string token = (await BeginAsync(user, now)).AccessToken;
            ForgetTheOldest(user.UserId);
            _tokens[key] = (token, now + Fresh);
            return token;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>A session of its own, as a browser has one.</summary>
    public async Task<SessionGrant> BeginAsync(CurrentUser user)
    {
        await IssueAsync(user);
        return await BeginAsync(user, services.GetRequiredService<TimeProvider>().GetUtcNow());
    }

    private async Task ForgetAsync(CurrentUser user)
    {
        await _oneAtATime.WaitAsync();
        _tokens.Remove((user.UserId, user.TenantId));
        _oneAtATime.Release();
    }

    private Task<SessionGrant> BeginAsync(CurrentUser user, DateTimeOffset now) =>
        services.GetRequiredService<Sessions>().BeginAsync(
            new Account(user.UserId, EmailOf(user), true, null, null, [], now, user.TenantId), SignInMethod.Password, Client,
            CancellationToken.None);

    // The app itself ends a user's oldest session when there are too many.
    private void ForgetTheOldest(string user)
    {
        (string User, string Tenant)[] held =
            [.. _tokens.Where(one => one.Key.User == user).OrderBy(one => one.Value.Until).Select(one => one.Key)];
        if (held.Length >= MostAtOnce)
        {
            _tokens.Remove(held[0]);
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private static string EmailOf(CurrentUser user) => $"{user.UserId.ToLowerInvariant()}@users.example";

    private async Task AppointAsync(CurrentUser user)
    {
        if (_roles.TryGetValue((user.UserId, user.TenantId), out IReadOnlySet<string>? had) && had.SetEquals(user.Roles))
        {
            return;
        }

        AccountStore accounts = services.GetRequiredService<AccountStore>();
        MembershipStore memberships = services.GetRequiredService<MembershipStore>();
        if (await accounts.FindAsync(user.UserId, CancellationToken.None) is null)
        {
            DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            Account account = new(user.UserId, EmailOf(user), true, null, null, [], now, user.TenantId);
            Assert.True(await accounts.CreateAsync(account, null, CancellationToken.None), $"{user.UserId} is there.");
        }

        string? etag = (await memberships.FindAsync(user.UserId, user.TenantId, CancellationToken.None))?.ETag;
        string[] roles = [.. user.Roles];
        Assert.True(await memberships.SetAsync(
            user.UserId, user.TenantId, user.TenantId, roles, etag, CancellationToken.None));
        services.GetRequiredService<SessionGuard>().Forget(user.UserId);
        _roles[(user.UserId, user.TenantId)] = user.Roles;
    }

    /// <summary>Puts a token in the place of a name, see <see cref="HeaderOf"/>.</summary>
    internal sealed class Handler(TestSessions sessions) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
    {
        public const string Scheme = "Test-Session";

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.Authorization is not { Scheme: Scheme, Parameter: { } name })
            {
                return await base.SendAsync(request, cancellationToken);
            }

            CurrentUser user = sessions._named[name];
            request.Headers.Authorization = new("Bearer", await sessions.IssueAsync(user));
            HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.Unauthorized || IsAboutSigningIn(request))
            {
                return answer;
            }

            // A call before this one ended the session, or there have been too many of this user: once more in another.
            answer.Dispose();
            await sessions.ForgetAsync(user);
            request.Headers.Authorization = new("Bearer", await sessions.IssueAsync(user));
            return await base.SendAsync(request, cancellationToken);
        }

        // There, 401 is the answer to what was sent.
        private static bool IsAboutSigningIn(HttpRequestMessage request) =>
            request.RequestUri!.AbsolutePath.Contains("/auth/", StringComparison.Ordinal);
    }
}
