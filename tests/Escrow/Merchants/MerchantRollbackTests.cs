using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Identity;
using FinVault.Tests.Escrow.Escrows;
using FinVault.Tests.Escrow.Payments;
using FinVault.Tests.Escrow.Redemptions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Escrow.Merchants;

/// <summary>Texts of a merchant, its branches and cards, and of a draft, are set back over HTTP; what is promised is not.</summary>
public sealed class MerchantRollbackTests : IAsyncLifetime
{
    private Shop _shop = null!;

    private PaymentsApp App => _shop.App.App;

    public async Task InitializeAsync() => _shop = await Shop.OpenAsync();

    public Task DisposeAsync() => _shop.DisposeAsync().AsTask();

    [Fact]
    public async Task Texts_OfEveryKind_AreSetBack_AndWhatIsNotATextStays()
    {
        string branch = $"branch:{EscrowApp.Seller}:{_shop.Branch}";
        string card = $"card:{_shop.Card}";
        string merchant = $"merchant:{EscrowApp.Seller}:{EscrowApp.MerchantId}";
        await SendAsync(HttpMethod.Put, $"merchant/branches/{_shop.Branch}", new
        {
            name = "Hacked", address = "Nowhere", staff = new[] { new { userId = Shop.Manager, role = Roles.BranchManager } },
        });
        await SendAsync(HttpMethod.Patch, $"merchant/cards/{_shop.Card}", new { name = "Hacked", validDays = 10 });
        await SendAsync(HttpMethod.Put, "merchant", new
        {
            name = "Hacked", legalName = "Tea House Ltd", registrationNumber = "U1234", country = "IN",
            email = "evil@example.com", bankAccount = "IN00BANK0001",
        });
        App.SignInAs(Shop.Admin, EscrowApp.Host, Roles.Admin);

        Assert.Equal(["/address", "/name"], await SetBackAsync(branch, 1, "/staff"));
        Assert.Equal(["/name"], await SetBackAsync(card, 1, "/validDays"));
        // 2 is its being handed in, 3 its approval.
        Assert.Equal(["/profile/email", "/profile/name"], await SetBackAsync(merchant, 3, null));

        _shop.AsOwner();
        JsonElement branches = (await App.GetAsync("merchant/branches")).GetProperty("data")[0];
        Assert.Equal(
            ("Main street", "1 High St", 1),
            (Text(branches, "name"), Text(branches, "address"), branches.GetProperty("staff").GetArrayLength()));
        JsonElement cards = (await App.GetAsync("merchant/cards")).GetProperty("data")[0];
        Assert.Equal(("Tea for two", 10), (Text(cards, "name"), cards.GetProperty("validDays").GetInt32()));
        JsonElement profile = (await App.GetAsync("merchant")).GetProperty("profile");
        Assert.Equal(("Tea House", "tea@example.com"), (Text(profile, "name"), Text(profile, "email")));
    }

    [Fact]
    public async Task Draft_IsSetBack_AndOneThatIsNoDraftAnyMoreIsNot()
    {
        App.SignInAs(Shop.Owner, EscrowApp.Host, Roles.Host);
        DateTimeOffset now = _shop.App.Clock.GetUtcNow();
        GiveawayPlan plan = new(
            "Festival", DrawMode.SlotMachine, now.AddHours(1), now.AddHours(2), "INR",
            [new PrizeLine("Airtime", PrizeKind.Airtime, 100, 1)],
            Slots: new SlotPlan(AttemptsPerParticipant: 3, ExpectedAttempts: 10, CapPercent: 100, FinalWindowSeconds: 60));
        string id = Text(await SendAsync(HttpMethod.Post, "giveaways", plan), "id");
        await SendAsync(HttpMethod.Put, $"giveaways/{id}", new GiveawayEdit(1, plan with { Title = "Hacked" }));

        App.SignInAs(Shop.Admin, EscrowApp.Host, Roles.Admin);
        Assert.Equal(["/plan/title"], await SetBackAsync($"giveaway:{id}", 1, "/revision"));
        App.SignInAs(Shop.Owner, EscrowApp.Host, Roles.Host);
        Assert.Equal("Festival", Text((await App.GetAsync($"giveaways/{id}")).GetProperty("plan"), "title"));

        await SendAsync(HttpMethod.Post, $"giveaways/{id}/cancel", new { reason = "Not now." });
        App.SignInAs(Shop.Admin, EscrowApp.Host, Roles.Admin);
        await HasVersionAsync($"giveaway:{id}", 5);
        string tag = Text(await App.GetAsync($"audit/entities/giveaway:{id}/versions/2/rollback"), "tag");
        Assert.Equal(HttpStatusCode.Conflict, (await RollBackAsync($"giveaway:{id}", 2, tag)).Status);
    }

    /// <summary>What was set back, once the trail has the change that is undone.</summary>
    private async Task<string[]> SetBackAsync(string entity, int version, string? kept)
    {
        await HasVersionAsync(entity, version + 1);
        JsonElement preview = await App.GetAsync($"audit/entities/{entity}/versions/{version}/rollback");
        string[] stays = [.. preview.GetProperty("kept").EnumerateArray().Select(one => one.GetString()!)];
        Assert.True(kept is null || stays.Contains(kept), $"{entity} keeps {string.Join(", ", stays)}");
        (HttpStatusCode status, JsonElement done) = await RollBackAsync(entity, version, Text(preview, "tag"));
        Assert.True(status == HttpStatusCode.OK, $"{entity}: {done}");
        return [.. done.GetProperty("changes").EnumerateArray().Select(one => Text(one, "path")).Order(StringComparer.Ordinal)];
    }

    private Task HasVersionAsync(string entity, int version) => Eventually.TrueAsync(
        async () =>
        {
            using HttpResponseMessage answer = await App.Client.GetAsync($"api/v1/audit/entities/{entity}");
            return answer.IsSuccessStatusCode
                && (await AppHost.ReadJsonAsync(answer)).GetProperty("data")[0].GetProperty("version").GetInt32() >= version;
        },
        $"{entity} has version {version}");

    private async Task<(HttpStatusCode Status, JsonElement Body)> RollBackAsync(string entity, int version, string tag)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"api/v1/audit/entities/{entity}/versions/{version}/rollback");
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{tag}\"");
        using HttpResponseMessage answer = await App.Client.SendAsync(request);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object body)
    {
        using HttpRequestMessage request = new(method, $"api/v1/{path}")
        {
            Content = JsonContent.Create(body, body.GetType(), options: FinVault.Platform.Json.Options),
        };
        using HttpResponseMessage answer = await App.Client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
