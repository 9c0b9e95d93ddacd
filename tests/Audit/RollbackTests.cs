using System.Net;
using FinVault.Audit;
using FinVault.Identity;
using FinVault.Tests.Identity;

namespace FinVault.Tests.Audit;

/// <summary>Texts can be set back after a look; money, states and roles cannot.</summary>
public sealed class RollbackTests(SharedAuditApp shared) : IClassFixture<SharedAuditApp>
{
    private AuditApp App => shared.App;

    [Fact]
    public async Task Rollback_SetsBackWhatItsPreviewShowed_AsANewVersion()
    {
        SessionGrant meera = await App.App.NewUserAsync("meera@example.com");
        string profile = $"profile:{meera.UserId}";
        await App.RenameAsync(meera, "Meera");
        await App.HistoryAsync(profile, 1);
        await App.RenameAsync(meera, "Mallory");
        await App.HistoryAsync(profile, 2);

        Answer preview = await PreviewAsync(profile, 1);
        FieldChange change = Assert.Single(preview.Read<RollbackView>().Changes);
        Assert.Equal(("/displayName", "Mallory", "Meera"), (change.Path, (string?)change.Before, (string?)change.After));
        Assert.Equal("invalid_request", (await RunAsync(profile, 1, "")).Code);
        Assert.Equal("changed_meanwhile", (await RunAsync(profile, 1, "\"00\"")).Code);
        Assert.Equal(HttpStatusCode.OK, (await RunAsync(profile, 1, preview.Headers.ETag!.Tag)).Status);

        Assert.Equal("Meera", (await App.App.GetAsync("profile", meera.AccessToken)).Read<Profile>().DisplayName);
        AuditLine[] lines = await App.HistoryAsync(profile, 4);
        Assert.Equal(["audit.rolledBack", "changed"], lines[2..].Select(line => line.Name).Order());
        Assert.All(lines[2..], line => Assert.Equal(App.Admin.UserId, line.Actor));
        Assert.True((await App.VerifyAsync(profile)).Intact);
        Assert.Equal("unknown_audit_version", (await PreviewAsync(profile, 9)).Code);
    }

    [Fact]
    public async Task Rollback_OfWhatHasChangedSince_IsRefused()
    {
        SessionGrant asha = await App.App.NewUserAsync("asha@example.com");
        string profile = $"profile:{asha.UserId}";
        await App.RenameAsync(asha, "Asha");
        await App.HistoryAsync(profile, 1);
        await App.RenameAsync(asha, "Mallory");
        await App.HistoryAsync(profile, 2);
        string tag = (await PreviewAsync(profile, 1)).Headers.ETag!.Tag;
        await App.RenameAsync(asha, "Asha herself");

        Assert.Equal("changed_meanwhile", (await RunAsync(profile, 1, tag)).Code);
        Assert.Equal("Asha herself", (await App.App.GetAsync("profile", asha.AccessToken)).Read<Profile>().DisplayName);
    }

    [Fact]
    public async Task Rollback_OfAnAccount_IsRefusedByItsKind()
    {
        string account = $"account:{App.Admin.UserId}";
        await App.HistoryAsync(account, 2);

        Assert.Equal("rollback_not_allowed", (await PreviewAsync(account, 1)).Code);
    }

    private Task<Answer> PreviewAsync(string entity, int version) =>
        App.App.GetAsync($"audit/entities/{entity}/versions/{version}/rollback", App.Admin.AccessToken);

    private Task<Answer> RunAsync(string entity, int version, string tag) => App.App.SendAsync(
        HttpMethod.Post, $"audit/entities/{entity}/versions/{version}/rollback", null, App.Admin.AccessToken,
        headers =>
        {
            if (tag.Length > 0)
            {
                headers.TryAddWithoutValidation("If-Match", tag);
            }
        });
}
