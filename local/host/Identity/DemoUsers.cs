using System.Net;
using System.Text;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Local.Identity;

/// <summary>A made-up user of the local host.</summary>
/// <param name="Name">What the user is called.</param>
/// <param name="UserId">Always the same for the name.</param>
/// <param name="TenantId">Always the same for the tenant's name.</param>
/// <param name="Roles">Within the tenant.</param>
public sealed record DemoUser(string Name, string UserId, string TenantId, IReadOnlyList<string> Roles);

/// <summary>
/// The made-up users, and <c>GET /dev/users</c>, which says how one signs in as them. It answers only this machine, under
/// a name of this machine, so that no web page can get at it, and only where the host has made their accounts.
/// </summary>
internal static class DemoUsers
{
    public static IReadOnlyList<DemoUser> All { get; } =
    [
        User("asha", [Roles.User]),
        User("harish", [Roles.User, Roles.Host]),
        User("meera", [Roles.User, Roles.Merchant]),
        User("admin", [Roles.User, Roles.Admin]),
    ];

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/dev/users", static (HttpContext http, DemoAccounts accounts) => IsHere(http)
            ? Results.Json(All.Select(user => SignInOf(user, accounts)), Json.Options)
            : Results.NotFound());

    // A name that somebody else's DNS leads here is not this machine's.
    internal static bool IsHere(HttpContext http)
    {
        string host = http.Request.Host.Host.Trim('[', ']');
        return http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(host, out IPAddress? named) && IPAddress.IsLoopback(named)));
    }

    private static DemoSignIn SignInOf(DemoUser user, DemoAccounts accounts) => new(
        user.Name, user.UserId, user.TenantId, user.Roles, DemoAccounts.EmailOf(user), accounts.Password);

    private static DemoUser User(string name, string[] roles) =>
        new(name, IdOf("USER", name), IdOf("TENANT", "demo"), roles);

    private static string IdOf(string prefix, string name) =>
        Ids.Derive(prefix, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(name));
}
