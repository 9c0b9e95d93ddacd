using FinVault.Identity;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.E2e.Giveaways;
using Microsoft.Extensions.Configuration;

namespace FinVault.Tests.E2e.Identity;

/// <summary>People's way through the pages of signing in, in a real browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class IdentityStoryTests(MarketServer server, Browser browser)
{
    private const string SignOut = "[data-test=sign-out]";

    [BrowserFact]
    public async Task Newcomer_RegistersConfirmsAndSignsInWithASecondFactor()
    {
        const string email = "newcomer@example.com";
        await using Page page = await browser.NewPageAsync(1000, 900);
        await page.RegisterAsync(server, email);
        (byte[] secret, string[] recovery) = await page.SetUpFactorAsync();
        Assert.Equal(10, recovery.Length);

        await page.GoAsync("profile");
        await page.ClickAsync(SignOut);
        await page.SeesAsync("sign-in-link");
        await page.EnterInsteadAsync(email, "not the password at all");
        await page.SeesAsync("failure");
        await page.EnterAgainAsync();
        // The code of this half minute was used to set it up, so the next one's.
        await page.SendCodeAsync(Totp.Code(secret, Totp.StepAt(DateTimeOffset.UtcNow) + 1));
        await page.SeesAsync("who");

        // A reload finds the session again, by the cookie alone: no script can have kept it.
        await page.GoToAsync(new Uri("about:blank"));
        await page.GoToAsync(server.PageAt("security"));
        await page.SeesAsync("factor-remove");
        Assert.Equal("", await page.EvaluateAsync<string>("document.cookie"));
        Assert.DoesNotContain("eyJ", await page.EvaluateAsync<string>(
            "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"), StringComparison.Ordinal);
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task AnotherBrowser_IsSignedOutFromHere_AndKeysAskForAFreshProof()
    {
        const string email = "careful@example.com";
        await using Page page = await browser.NewPageAsync(1000, 900);
        await using Page other = await browser.NewPageAsync(1000, 900);
        await page.RegisterAsync(server, email);
        await other.EnterAsync(server, email);
        await other.SeesAsync("who");

        await page.GoAsync("security");
        await page.UntilAsync("document.querySelectorAll('[data-session]').length === 2");
        await page.ClickAsync("[data-test=end-session]");
        await page.UntilAsync("document.querySelectorAll('[data-session]').length === 1");
        await other.GoAsync("security");
        await other.UntilAsync("document.querySelector('[data-test=gate]')?.innerText.includes('session is over')");
        await other.SeesAsync("sign-in-link");

        await server.LetTheProofAgeAsync(email);
        await page.GoAsync("api-keys");
        await page.FillAsync("[data-test=key-name]", "My feed");
        await page.ClickAsync("[data-test='scope-Profile.Read']");
        await page.ClickAsync("[data-test=key-make]");
        await page.FillAsync("[data-test=prove-password]", "not the password at all");
        await page.ClickAsync("[data-test=prove-yes]");
        await page.UntilAsync("document.querySelector('dialog [data-test=failure]')");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.FillAsync("[data-test=prove-password]", IdentityPages.Password);
        await page.ClickAsync("[data-test=prove-yes]");
        await page.UntilAsync("document.querySelector('[data-test=new-key]')?.innerText.startsWith('fvk_')");
        await page.UntilAsync("document.querySelectorAll('[data-test=key-delete]').length === 1");
        Assert.Empty(page.Errors);
        Assert.Empty(other.Errors);
    }

    [BrowserFact]
    public async Task ForgottenPassword_IsSetByTheMailsLink_AndEndsWhatWasBegun()
    {
        const string email = "forgetful@example.com";
        const string next = "eight blue kites at dawn";
        await using Page page = await browser.NewPageAsync(1000, 900);
        await using Page before = await browser.NewPageAsync(1000, 900);
        await before.RegisterAsync(server, email);

        await page.GoToAsync(server.PageAt("forgot"));
        await page.FillAsync("[data-test=email]", email);
        await page.ClickAsync("[data-test=forgot]");
        await page.SeesAsync("forgot-sent");
        await page.GoToAsync(await server.LinkAsync(email, "Set a new password"));
        await page.FillAsync("[data-test=password]", next);
        await page.ClickAsync("[data-test=reset]");
        await page.SeesAsync("reset-done");
        await page.EnterInsteadAsync(email, next);
        await page.SeesAsync("who");

        await before.GoAsync("api-keys");
        await before.SeesAsync("gate");
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Google_IsLinkedByConsentOnly_AndUnlinked()
    {
        const string email = "linker@example.com";
        await using Page page = await browser.NewPageAsync(1000, 900);
        await page.RegisterAsync(server, email);
        await page.GoAsync("profile");
        await page.ClickAsync(SignOut);
        await page.SeesAsync("sign-in-link");
        await page.LeaveForGoogleAsync(email);
        await page.SeesAsync("link-offer");
        await page.ClickAsync("[data-test=link-refuse]");
        await page.SeesAsync("sign-in-form");

        await page.LeaveForGoogleAsync(email);
        await page.SeesAsync("link-offer");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.FillAsync("[data-test=password]", IdentityPages.Password);
        await page.ClickAsync("[data-test=link-consent]");
        await page.SeesAsync("who");
        await page.GoAsync("security");
        await page.ClickAsync("[data-test=unlink-google]");
        await page.UntilAsync("document.querySelector('[data-test=provider-google]').dataset.linked === 'false'");
        Assert.Empty(page.Errors);
    }

    /// <summary>As in Azure, where who has the role alone is no operator.</summary>
    [BrowserFact]
    public async Task Operator_WithoutASecondFactor_IsLedToSetOneUp_AndBackToWhereTheyWere()
    {
        IConfiguration settings = server.Get<IConfiguration>();
        string needed = $"{IdentityOptions.Section}:{nameof(IdentityOptions.OperatorsNeedCode)}";
        string? before = settings[needed];
        settings[needed] = "true";
        try
        {
            await using Page page = await browser.OpenAsync(server, "operations/sagas", "admin");
            await page.SeesAsync("operate-set-up");
            Assert.Empty(await page.AccessibilityViolationsAsync());
            await page.GoAsync("profile");
            await page.SeesAsync("operate");
            Assert.Empty(await page.AccessibilityViolationsAsync());
            await page.GoAsync("operations/sagas");
            await page.UntilAsync("document.querySelector('[data-test=gate] [data-test=operate-set-up]')");
            await page.ClickAsync("[data-test=operate-set-up]");
            (_, string[] recovery) = await page.SetUpFactorAsync();
            await page.ClickAsync("[data-test=operate-code]");
            await page.FillAsync("[data-test=prove] [data-test=code]", recovery[0]);
            await page.ClickAsync("[data-test=prove-yes]");
            await page.UntilAsync("location.hash === '#/operations/sagas'");
            await page.UntilAsync("document.querySelector('main .sections [aria-current=page]')?.innerText === 'Sagas'");
            Assert.Empty(page.Errors);
        }
        finally
        {
            settings[needed] = before;
            await server.Get<SecondFactors>().RemoveAsync(People.Demo("admin").UserId, default);
        }
    }

    [BrowserFact]
    public async Task TwoTabsThatAwakeTogether_RefreshOneAfterTheOther()
    {
        await using Page page = await browser.NewPageAsync(1000, 900);
        await page.SignInAsync(server.Address, await server.Sessions.BeginAsync(People.Demo("asha")));
        await page.GoToAsync(server.PageAt("security"));
        await page.UntilAsync("document.querySelector('[data-current=true]')");

        // Two frames are two tabs of one browser: they share its cookie, and both want the next token at once.
        await page.EvaluateAsync<object>("""
            for (const name of ['one', 'two', 'three']) {
              const frame = document.createElement('iframe');
              frame.name = name;
              frame.src = '/#/security';
              frame.width = 900;
              document.body.append(frame);
            }
            null
            """);
        await page.UntilAsync("""
            [...document.querySelectorAll('iframe')].every(
              (frame) => frame.contentDocument?.querySelector('[data-current=true]'))
            """);
        Assert.Empty(page.Errors);
    }
}

/// <summary>Steps of these stories only.</summary>
internal static class IdentitySteps
{
    /// <summary>The right password in the form that has refused a wrong one.</summary>
    public static async Task EnterAgainAsync(this Page page)
    {
        await page.FillAsync("[data-test=password]", IdentityPages.Password);
        await page.ClickAsync("[data-test=sign-in]");
    }

    /// <summary>Signs in without leaving the document.</summary>
    public static async Task EnterInsteadAsync(this Page page, string email, string password)
    {
        await page.GoAsync("sign-in");
        await page.FillAsync("[data-test=email]", email);
        await page.FillAsync("[data-test=password]", password);
        await page.ClickAsync("[data-test=sign-in]");
    }

    /// <summary>Goes to the simulated provider, says who one is, and comes back.</summary>
    public static async Task LeaveForGoogleAsync(this Page page, string email)
    {
        await page.LeaveByAsync(() => page.ClickAsync("[data-test=sign-in-with-google]"));
        await page.FillAsync("input[name=login_hint]", email);
        await page.LeaveByAsync(() => page.PressAsync("Enter"));
    }
}
