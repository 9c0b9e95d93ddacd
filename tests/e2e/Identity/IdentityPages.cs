using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using FinVault.Identity;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.Identity;
using FinVault.Tests.Support;

namespace FinVault.Tests.E2e.Identity;

/// <summary>What people do on the pages of signing in, with their mail and their authenticator app.</summary>
internal static partial class IdentityPages
{
    public const string Password = "seven green kites at dusk";

    /// <summary>Goes to a page within the client, as a link does.</summary>
    public static Task GoAsync(this Page page, string route) =>
        page.EvaluateAsync<object>($"location.hash = '#/{route}'; null");

    public static Task SeesAsync(this Page page, string test) =>
        page.UntilAsync($"document.querySelector('[data-test={test}]')");

    /// <summary>The link of the newest mail to an address with these words in its subject.</summary>
    public static async Task<Uri> LinkAsync(this MarketServer server, string to, string subject)
    {
        using HttpClient http = new() { BaseAddress = server.Address };
        Uri mails = new($"dev/mail?to={Uri.EscapeDataString(to)}", UriKind.Relative);
        string? text = null;
        await Eventually.TrueAsync(
            async () =>
            {
                JsonElement all = await http.GetFromJsonAsync<JsonElement>(mails);
                JsonElement mail = all.EnumerateArray().FirstOrDefault(one => one.GetProperty("subject").GetString() == subject);
                text = mail.ValueKind == JsonValueKind.Object ? mail.GetProperty("text").GetString() : null;
                return text is not null;
            },
            $"mail '{subject}' to {to}");
        return new(Link().Match(text!).Value);
    }

    /// <summary>Opens an account on the pages, follows the mail, and is signed in.</summary>
    public static async Task RegisterAsync(this Page page, MarketServer server, string email)
    {
        await page.GoToAsync(server.PageAt("register"));
        await page.FillAsync("[data-test=email]", email);
        await page.FillAsync("[data-test=password]", "passwordpassword");
        await page.UntilAsync("document.querySelector('[data-test=strength]')?.innerText === 'Guessed at once'");
        await page.FillAsync("[data-test=password]", Password);
        await page.UntilAsync("document.querySelector('[data-test=strength]')?.innerText === 'Very good'");
        await page.ClickAsync("[data-test=register]");
        await page.SeesAsync("registered");
        Uri link = await server.LinkAsync(email, "Confirm your e-mail address");
        await page.GoToAsync(link);
        Assert.DoesNotContain("token", await page.EvaluateAsync<string>("location.href"), StringComparison.Ordinal);
        await page.FillAsync("[data-test=password]", Password);
        await page.ClickAsync("[data-test=verify]");
        await page.SeesAsync("who");
    }

    public static async Task EnterAsync(this Page page, MarketServer server, string email, string password = Password)
    {
        await page.GoToAsync(server.PageAt("sign-in"));
        await page.FillAsync("[data-test=email]", email);
        await page.FillAsync("[data-test=password]", password);
        await page.ClickAsync("[data-test=sign-in]");
    }

    public static async Task SendCodeAsync(this Page page, string code)
    {
        await page.FillAsync("[data-test=code]", code);
        await page.ClickAsync("[data-test=send-code]");
    }

    /// <summary>Sets up a second factor on the page of security; the app's secret and the recovery codes.</summary>
    public static async Task<(byte[] Secret, string[] Recovery)> SetUpFactorAsync(this Page page)
    {
        await page.GoAsync("security");
        await page.ClickAsync("[data-test=factor-begin]");
        await page.UntilAsync("document.querySelector('.scan img')?.naturalWidth > 0");
        byte[] secret = SecondFactorTests.Decode((await page.TextAsync("[data-test=factor-secret]"))!);
        await page.FillAsync("[data-test=code]", Totp.Code(secret, Totp.StepAt(DateTimeOffset.UtcNow)));
        await page.ClickAsync("[data-test=factor-confirm]");
        await page.SeesAsync("recovery-codes");
        string[] codes = (await page.TextAsync("[data-test=recovery-codes]"))!.Split('\n', StringSplitOptions.TrimEntries);
        await page.ClickAsync("[data-test=codes-kept]");
        await page.UntilAsync("document.querySelector('[data-test=factor-state]').innerText === 'On'");
        return (secret, codes);
    }

    /// <summary>Lets what proved who somebody is be ten minutes old.</summary>
    public static async Task LetTheProofAgeAsync(this MarketServer server, string email)
    {
        Account account = (await server.Get<AccountStore>().FindByEmailAsync(email, default))!.Document;
        Sessions sessions = server.Get<Sessions>();
        CurrentUser user = new(account.User, "", new HashSet<string>());
        foreach (SessionView session in await sessions.ListAsync(user, default))
        {
            await sessions.ChangeAsync(
                account.User, session.SessionId, one => one with { ConfirmedAt = one.ConfirmedAt.AddMinutes(-10) }, default);
        }
    }

    [GeneratedRegex(@"http\S+")]
    private static partial Regex Link();
}
