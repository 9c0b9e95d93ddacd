using FinVault.Identity;
using FinVault.Local.Identity;
using FinVault.Tests.E2e.Chrome;

namespace FinVault.Tests.E2e;

/// <summary>Made-up users in front of a browser, where how they signed in is not what is tested.</summary>
internal static class People
{
    /// <summary>One of the users that a local host offers.</summary>
    public static CurrentUser Demo(string name)
    {
        DemoUser user = DemoUsers.All.Single(one => one.Name == name);
        return new(user.UserId, user.TenantId, user.Roles.ToHashSet());
    }

    /// <summary>Gives a page what a sign-in leaves in a browser: the cookie, and the note that there is one.</summary>
    public static async Task SignInAsync(this Page page, Uri address, SessionGrant session)
    {
        ArgumentNullException.ThrowIfNull(page);
        await page.SetCookieAsync(new Uri(address, "/api/v1/auth"), SessionCookie.Name, session.RefreshToken!);
        await page.RunFirstAsync("""
            if (location.protocol.startsWith('http') && !sessionStorage.getItem('test.noted')) {
              sessionStorage.setItem('test.noted', '1');
              localStorage.setItem('finvault.signed-in', '1');
            }
            """);
    }
}
