using System.Net;
using System.Text;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Local.Identity;

/// <summary>A made-up user of the local host.</summary>
/// <param name="Name">As <c>/dev/token?user=</c> takes it.</param>
/// <param name="UserId">Always the same for the name.</param>
/// <param name="TenantId">Always the same for the tenant's name.</param>
/// <param name="Roles">Within the tenant.</param>
public sealed record DemoUser(string Name, string UserId, string TenantId, IReadOnlyList<string> Roles);

/// <summary>A token of a made-up user.</summary>
public sealed record DevelopmentToken(string Token, DateTimeOffset ExpiresAt, DemoUser User);

/// <summary>
/// Signs anybody in as anybody, for development: <c>GET /dev/token?user=&amp;tenant=&amp;roles=</c> and the named users of
/// <c>GET /dev/users</c>. Answers only this machine, under a name of this machine, so that no web page can get at it.
/// </summary>
internal static class DevelopmentSignIn
{
    private const int MaxNameLength = 64;

    public static IReadOnlyList<DemoUser> Users { get; } =
    [
        User("asha", "demo", [Roles.User]),
        User("harish", "demo", [Roles.User, Roles.Host]),
        User("meera", "demo", [Roles.User, Roles.Merchant]),
        User("admin", "demo", [Roles.User, Roles.Admin]),
    ];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/dev/users", static (HttpContext http, DemoAccounts accounts) => IsHere(http)
            ? Results.Json(Users.Select(user => SignInOf(user, accounts)), Json.Options)
            : Results.NotFound());
        endpoints.MapGet("/dev/token", Token);
    }

    private static DemoSignIn SignInOf(DemoUser user, DemoAccounts accounts) => new(
        user.Name, user.UserId, user.TenantId, user.Roles, DemoAccounts.EmailOf(user), accounts.Password);

    private static IResult Token(
        HttpContext http, IServiceProvider services, TimeProvider time, string user = "asha", string? tenant = null,
        string? roles = null)
    {
        if (!IsHere(http) || services.GetService<DevelopmentTokens>() is not { } tokens)
        {
            return Results.NotFound();
        }

        DemoUser known = Users.FirstOrDefault(u => u.Name == user || u.UserId == user) ?? User(user, "demo", [Roles.User]);
        DemoUser wanted = known with
        {
            TenantId = tenant is null ? known.TenantId : IdOf("TENANT", tenant),
            Roles = roles?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? known.Roles,
        };
        if (user.Length is 0 or > MaxNameLength || tenant is { Length: 0 or > MaxNameLength }
            || wanted.Roles.Except(Roles.All).Any())
        {
            return Results.BadRequest(
                $"user and tenant have 1 to {MaxNameLength} characters; roles are of {string.Join(", ", Roles.All)}.");
        }

        http.Response.Headers.CacheControl = "no-store";
        string token = tokens.Issue(new CurrentUser(wanted.UserId, wanted.TenantId, wanted.Roles.ToHashSet()));
        return Results.Json(new DevelopmentToken(token, time.GetUtcNow() + DevelopmentTokens.Life, wanted), Json.Options);
    }

    // A name that somebody else's DNS leads here is not this machine's.
    internal static bool IsHere(HttpContext http)
    {
        string host = http.Request.Host.Host.Trim('[', ']');
        return http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(host, out IPAddress? named) && IPAddress.IsLoopback(named)));
    }

    private static DemoUser User(string name, string tenant, string[] roles) =>
        new(name, IdOf("USER", name), IdOf("TENANT", tenant), roles);

    private static string IdOf(string prefix, string name) => Ids.IsValid(name, prefix)
        ? name
        : Ids.Derive(prefix, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(name));
}
