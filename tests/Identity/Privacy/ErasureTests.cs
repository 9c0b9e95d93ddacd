using System.Net;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Audit;
using FinVault.Tests.Support;

namespace FinVault.Tests.Identity.Privacy;

/// <summary>Who asks gets everything that is known of them, or is forgotten, while books and chains stay whole.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    private AuditApp _app = null!;
    private SessionGrant _person = null!;
    private PlantedPerson _planted = null!;

    private string Tenant => Membership.OwnTenantOf(_person.UserId);

    public Task InitializeAsync() => StartAsync(14);

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Export_HasWhatEverySliceKnows_AndNoSecret()
    {
        await _planted.PlantAsync();

        using HttpResponseMessage answer = await ExportAsync();
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        PersonalExportView export = JsonSerializer.Deserialize<PersonalExportView>(text, Json.Options)!;

        Assert.Equal(
            ["audit", "escrow", "giveaways", "identity", "notifications", "portfolios", "uploads"],
            export.Items.Select(item => item.Slice).Distinct().Order(StringComparer.Ordinal));
        Assert.All(PlantedPerson.Planted, planted => Assert.Contains(planted, text, StringComparison.Ordinal));
        Assert.Contains("ledgerEntry", export.Items.Select(item => item.Kind));
        Assert.DoesNotContain("pbkdf2", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Erased_NothingIsLeftOfThemAnywhere_AndBooksAndChainsAreWhole()
    {
        await _app.DisposeAsync();
        await StartAsync(0);
        await _planted.PlantAsync();
        await _app.HistoryAsync($"profile:{_person.UserId}", 1);
        await _app.HistoryAsync($"merchant:{Tenant}:MERCHANT{Tenant[6..]}", 1);
        ErasureView asked = (await _app.App.PostAsync("me/erase", new { }, _person.AccessToken)).Read<ErasureView>();
        Assert.Equal(ErasureState.Requested, asked.State);

        await DoneAsync();

        Assert.Equal("", await PlantedPerson.LeftAsync(_app));
        object credentials = new { email = PlantedPerson.Email, password = IdentityApp.Password };
        Assert.Equal("invalid_credentials", (await _app.App.PostAsync("auth/sign-in", credentials)).Code);
        TrialBalance balance = await _app.App.Get<LedgerBooks>().TrialBalanceAsync(default);
        Assert.All(balance.Currencies, currency => Assert.Equal(0, currency.Total));
        await _app.SealAsync();
        Assert.True((await _app.VerifyAllAsync()).Intact);
        Assert.Contains((await _app.SearchAsync($"entity=user:{_person.UserId}")).Data, line => line.Name == "identity.erased");
        await _app.App.RegisterAsync(PlantedPerson.Email);
        string token = IdentityApp.TokenIn(await _app.App.MailAsync(PlantedPerson.Email, "Confirm your e-mail address", 2));
        Answer anew = await _app.App.PostAsync("auth/verify", new { token, IdentityApp.Password });
        Assert.NotEqual(_person.UserId, anew.Read<SignInAnswer>().Session!.UserId);
    }

    [Fact]
    public async Task Erasure_ThatIsCalledOff_LeavesEverything()
    {
        ErasureView asked = (await _app.App.PostAsync("me/erase", new { }, _person.AccessToken)).Read<ErasureView>();
        Assert.Equal(asked.RequestedAt.AddDays(14), asked.DueAt);
        Assert.NotNull(await _app.App.SignInAsync(PlantedPerson.Email));
        Assert.Equal(HttpStatusCode.NoContent, (await _app.App.DeleteAsync("me/erase", _person.AccessToken)).Status);
        Assert.Equal("unknown_erasure", (await _app.App.DeleteAsync("me/erase", _person.AccessToken)).Code);

        // As its orchestration would, when the time has come.
        Assert.False(await _app.App.Get<Erasure>().BeginAsync(new(_person.UserId, 1, asked.DueAt), default));
        Assert.NotNull(await _app.App.SignInAsync(PlantedPerson.Email));
    }

    [Fact]
    public async Task Erasure_OfWhoHasMoney_IsRefusedByName()
    {
        await _planted.FundAsync(500);

        Answer refused = await _app.App.PostAsync("me/erase", new { }, _person.AccessToken);

        Assert.Equal("erasure_not_possible", refused.Code);
        Assert.Contains("INR", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryStep_CanBeMadeAgain()
    {
        await _planted.PlantAsync();
        Person person = await _app.App.Get<Persons>().ReadAsync(_person.UserId, default);
        foreach (IPersonalData slice in _app.App.Get<IEnumerable<IPersonalData>>())
        {
            await slice.EraseAsync(person, default);
            await slice.EraseAsync(person, default);
        }
    }

    private async Task StartAsync(int graceDays)
    {
        _app = await AuditApp.StartAsync(graceDays);
        _person = await _app.App.NewUserAsync(PlantedPerson.Email);
        _planted = new(_app, _person);
    }

    private Task DoneAsync() => Eventually.TrueAsync(
        async () =>
        {
            _app.App.Clock.Advance(TimeSpan.FromMilliseconds(300));
            return (string?)(await _app.ReadAsync(Containers.Identity, _person.UserId, "erasure"))["state"] == "done";
        },
        "the erasure is done");

    private async Task<HttpResponseMessage> ExportAsync()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "api/v1/me/export");
        request.Headers.Authorization = new("Bearer", _person.AccessToken);
        return await _app.App.App.Client.SendAsync(request);
    }
}
