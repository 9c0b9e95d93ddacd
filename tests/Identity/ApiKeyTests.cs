using System.Net;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Notifications;
using FinVault.Platform;

namespace FinVault.Tests.Identity;

/// <summary>A machine with a key does what the key is for, and nothing else of what its owner may.</summary>
public sealed class ApiKeyTests : IAsyncLifetime
{
    private IdentityApp _app = null!;
    private SessionGrant _owner = null!;

    public async Task InitializeAsync()
    {
        _app = await IdentityApp.StartAsync();
        _owner = await _app.NewUserAsync("asha@example.com");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Key_CallsWhatItsScopesNameAndNothingElse()
    {
        NewApiKey made = await MakeAsync(Permissions.ProfileRead);

        JsonElement profile = (await _app.GetAsync("profile", made.Key)).Read<JsonElement>();
        Assert.Equal(_owner.UserId, profile.GetProperty("userId").GetString());
        Assert.Equal("forbidden", (await _app.GetAsync("auth/me", made.Key)).Code);
        Assert.Equal("forbidden", (await _app.GetAsync("auth/api-keys", made.Key)).Code);
        Assert.Equal("forbidden", (await TryMakeAsync(made.Key, Permissions.ProfileRead)).Code);
        Assert.Equal("forbidden", (await _app.GetAsync("profile", (await MakeAsync(Permissions.WalletRead)).Key)).Code);
    }

    [Fact]
    public async Task Key_IsShownOnceAndKeptAsAHash()
    {
        NewApiKey made = await MakeAsync(Permissions.ProfileRead);
        string secret = made.Key.Split('.')[2];

        Assert.StartsWith(made.View.Prefix, made.Key, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await StoredDocuments.TextAsync(_app.App), StringComparison.Ordinal);
        Answer list = await _app.GetAsync("auth/api-keys", _owner.AccessToken);
        Assert.DoesNotContain(secret, list.Body.ToString(), StringComparison.Ordinal);
        Assert.Null((await ListAsync()).Single().LastUsedAt);
        await _app.GetAsync("profile", made.Key);
        Assert.Equal(_app.Clock.GetUtcNow(), (await ListAsync()).Single().LastUsedAt);
    }

    [Fact]
    public async Task Key_ThatIsDeletedOrOver_IsGoodNoMore()
    {
        NewApiKey deleted = await MakeAsync(Permissions.ProfileRead);
        NewApiKey expired = await MakeAsync(Permissions.ProfileRead);
        Assert.Equal(HttpStatusCode.OK, (await _app.GetAsync("profile", deleted.Key)).Status);
        await _app.DeleteAsync($"auth/api-keys/{deleted.View.KeyId}", _owner.AccessToken);

        Assert.Equal("invalid_token", (await _app.GetAsync("profile", deleted.Key)).Code);
        _app.Clock.Jump(TimeSpan.FromDays(1));
        Assert.Equal("invalid_token", (await _app.GetAsync("profile", expired.Key)).Code);
    }

    [Fact]
    public async Task Key_WithAnotherSecretOrOfAnotherUser_IsNone()
    {
        string[] parts = (await MakeAsync(Permissions.ProfileRead)).Key.Split('.');
        SessionGrant other = await _app.NewUserAsync("harish@example.com");

        Assert.Equal("invalid_token", (await _app.GetAsync("profile", $"{parts[0]}.{parts[1]}.{new string('A', 43)}")).Code);
        Assert.Equal("invalid_token", (await _app.GetAsync("profile", $"{parts[0]}.{other.UserId[5..]}.{parts[2]}")).Code);
        Assert.Equal("invalid_token", (await _app.GetAsync("profile", "fvk_")).Code);
    }

    [Fact]
    public async Task Key_NeedsAFreshProofToBeMade()
    {
        _app.Clock.Jump(TimeSpan.FromMinutes(6));

        Assert.Equal("step_up_required", (await TryMakeAsync(_owner.AccessToken, Permissions.ProfileRead)).Code);
    }

    [Theory]
    [InlineData("Nothing.Such", 30)]
    [InlineData(Permissions.ProfileRead, 0)]
    [InlineData(Permissions.ProfileRead, 366)]
    public async Task Key_OfWhatCannotBe_IsRefused(string scope, int days) => Assert.Equal(
        "invalid_request",
        (await _app.PostAsync("auth/api-keys", new { Name = "x", Scopes = new[] { scope }, days }, _owner.AccessToken)).Code);

    [Fact]
    public async Task Keys_MadeAtOnce_AreNeverMoreThanMayBe()
    {
        Answer[] made = await _app.AtOnceAsync(
            ApiKeys.MaxKeys + 5, _ => TryMakeAsync(_owner.AccessToken, Permissions.ProfileRead));

        Assert.Equal(ApiKeys.MaxKeys, made.Count(one => one.Status == HttpStatusCode.Created));
        Assert.Equal(5, made.Count(one => one.Code == "too_many_api_keys"));
        IReadOnlyList<ApiKeyView> there = await ListAsync();
        Assert.Equal(ApiKeys.MaxKeys, there.Count);
        // Whoever deletes one may make another.
        await _app.DeleteAsync($"auth/api-keys/{there[0].KeyId}", _owner.AccessToken);
        await MakeAsync(Permissions.ProfileRead);
        Assert.Equal("too_many_api_keys", (await TryMakeAsync(_owner.AccessToken, Permissions.ProfileRead)).Code);
        // Those that are over make way for others.
        _app.Clock.Jump(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        CurrentUser owner = new(_owner.UserId, Membership.OwnTenantOf(_owner.UserId), new HashSet<string> { Roles.User });
        await _app.Get<ApiKeys>().MakeAsync(owner, "later", [Permissions.ProfileRead], TimeSpan.FromDays(1), default);
    }

    [Fact]
    public async Task Key_ThatEndsSoon_IsToldOfWhileItIsStillGood()
    {
        NewApiKey made = await MakeAsync(Permissions.ProfileRead);
        _app.Clock.Jump(TimeSpan.FromHours(13));

        Mail mail = await _app.MailAsync("asha@example.com", "An API key ends soon");
        Assert.Contains(made.View.Prefix, mail.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _app.GetAsync("profile", made.Key)).Status);
    }

    private async Task<NewApiKey> MakeAsync(string scope) =>
        (await TryMakeAsync(_owner.AccessToken, scope)).Read<NewApiKey>();

    private Task<Answer> TryMakeAsync(string token, string scope) =>
        _app.PostAsync("auth/api-keys", new { Name = "feed", Scopes = new[] { scope }, Days = 1 }, token);

    private async Task<IReadOnlyList<ApiKeyView>> ListAsync() =>
        (await _app.GetAsync("auth/api-keys", _owner.AccessToken)).Read<Page<ApiKeyView>>().Data;
}
