using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Tests.Escrow.Escrows;
using FinVault.Tests.Escrow.Payments;
using FinVault.Tests.Escrow.Redemptions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Escrow.Merchants;

/// <summary>A merchant's check, branches, cards and withdrawals over HTTP, with the merchant that the app itself keeps.</summary>
public sealed class MerchantTests : IAsyncLifetime
{
    private Shop _shop = null!;

    private PaymentsApp App => _shop.App.App;

    public async Task InitializeAsync() => _shop = await Shop.OpenAsync();

    public Task DisposeAsync() => _shop.DisposeAsync().AsTask();

    [Fact]
    public async Task Kyc_RejectedWithAReason_IsMendedHandedInAgainAndApproved()
    {
        string merchant = await HandInAsync();
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), await ReviewAsync(merchant, new { approve = false }));
        Assert.Equal(HttpStatusCode.OK, (await ReviewAsync(merchant, new { approve = false, reason = "The licence is over." })).Status);
        AsOther();
        JsonElement rejected = await App.GetAsync("merchant");
        Assert.Equal(
            ("rejected", "The licence is over."),
            (rejected.GetProperty("kyc").GetString(), rejected.GetProperty("kycReason").GetString()));
        Assert.Equal((HttpStatusCode.Conflict, "merchant_not_approved"), await App.TryPostAsync("merchant/cards", Card()));
        // What was rejected may be mended, its legal name too.
        Assert.Equal(HttpStatusCode.OK, await PutAsync(Shop.Profile("Tea House Private Ltd")));
        Assert.Equal("resubmitted", (await App.PostAsync("merchant/kyc", new { })).GetProperty("kyc").GetString());
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(Shop.Profile("Somebody Else Ltd")));
        Assert.Equal((HttpStatusCode.Conflict, "kyc_not_open"), await App.TryPostAsync("merchant/kyc", new { }));
        AsAdmin();
        JsonElement waiting = await App.GetAsync("operations/merchants?kyc=resubmitted");
        Assert.Equal(merchant, Assert.Single(waiting.GetProperty("data").EnumerateArray().ToArray()).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.OK, (await ReviewAsync(merchant, new { approve = true })).Status);
        Assert.Equal((HttpStatusCode.Conflict, "kyc_not_open"), await ReviewAsync(merchant, new { approve = false, reason = "No." }));
        AsOther();
        JsonElement approved = await App.GetAsync("merchant");
        Assert.Equal(
            ("approved", "Tea House Private Ltd", false),
            (approved.GetProperty("kyc").GetString(),
                approved.GetProperty("profile").GetProperty("legalName").GetString(),
                approved.TryGetProperty("kycReason", out JsonElement reason) && reason.ValueKind != JsonValueKind.Null));
    }

    [Fact]
    public async Task Branch_WhenChanged_LetsInItsNewStaffAlone_AndWhenClosedNobody()
    {
        (_, string code) = await _shop.WinAsync();
        _shop.AsOwner();
        object details = new
        {
            name = "High street", address = "2 High St", staff = new[] { new { userId = Shop.Manager, role = Roles.BranchManager } },
        };
        using (HttpResponseMessage put = await App.Client.PutAsJsonAsync($"api/v1/merchant/branches/{_shop.Branch}", details))
        {
            JsonElement changed = await AppHost.ReadJsonAsync(put);
            Assert.Equal("High street", changed.GetProperty("name").GetString());
        }

        _shop.AsCashier();
        Assert.NotEqual(HttpStatusCode.Created, (await _shop.TryInitiateAsync(code)).Status);
        _shop.AsOwner();
        string other = await _shop.AddBranchAsync("Side street");
        using (HttpResponseMessage closed = await App.Client.DeleteAsync($"api/v1/merchant/branches/{_shop.Branch}"))
        {
            Assert.Equal(HttpStatusCode.NoContent, closed.StatusCode);
        }

        _shop.AsManager();
        Assert.NotEqual(HttpStatusCode.Created, (await _shop.TryInitiateAsync(code)).Status);
        _shop.AsOwner();
        JsonElement all = await App.GetAsync("merchant/branches");
        Assert.Equal(
            new[] { (_shop.Branch, "closed"), (other, "open") }.Order(),
            all.GetProperty("data").EnumerateArray()
                .Select(one => (one.GetProperty("id").GetString()!, one.GetProperty("state").GetString()!)).Order());
        _shop.AsCashier();
        Assert.Equal(HttpStatusCode.Created, (await _shop.TryInitiateAsync(code, other)).Status);
    }

    [Fact]
    public async Task Branch_OfAnotherMerchant_IsNeitherChangedNorClosed()
    {
        AsOther();
        using HttpResponseMessage put = await App.Client.PutAsJsonAsync(
            $"api/v1/merchant/branches/{_shop.Branch}", new { name = "Mine", address = "", staff = Array.Empty<object>() });
        using HttpResponseMessage closed = await App.Client.DeleteAsync($"api/v1/merchant/branches/{_shop.Branch}");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (put.StatusCode, closed.StatusCode));
    }

    [Fact]
    public async Task Stock_IsDeliveredOnceForItsId_AndNeverTakenBelowZero()
    {
        string delivery = _shop.App.NewId("STOCK");
        (HttpStatusCode, string?)[] answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => StockAsync(delivery, 7)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Item1));
        Assert.Equal(12, await AvailableAsync());
        await _shop.WinAsync();
        _shop.AsOwner();
        Assert.Equal((HttpStatusCode.Conflict, "stock_too_low"), await StockAsync(_shop.App.NewId("STOCK"), -12));
        Assert.Equal(HttpStatusCode.OK, (await StockAsync(_shop.App.NewId("STOCK"), -11)).Status);
        Assert.Equal(0, await AvailableAsync());
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), await StockAsync(_shop.App.NewId("STOCK"), 0));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), await StockAsync("ESCROW_01ARZ3NDEKTSV4RRFFQ69G5FAV", 1));
        AsOther();
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await StockAsync(_shop.App.NewId("STOCK"), 1));
    }

    [Fact]
    public async Task Marketplace_IsFilteredByCurrencyWorthAndMerchant_AndHidesWhatIsWithdrawn()
    {
        string coffee = await AddAsync(Card("Coffee", 20_000));
        string dollars = await AddAsync(Card("Dollars", 20_000, "USD"));
        string gone = await AddAsync(Card("Gone", 20_000));
        using (HttpResponseMessage withdrawn = await App.Client.PatchAsJsonAsync(
            $"api/v1/merchant/cards/{gone}", new { state = "withdrawn" }))
        {
            Assert.Equal(HttpStatusCode.OK, withdrawn.StatusCode);
        }

        App.SignIn(Roles.Host);
        Assert.Equal(Sorted(_shop.Card, coffee, dollars), await IdsAsync("cards"));
        Assert.Equal(Sorted(coffee, dollars), await IdsAsync("cards?denomination=20000"));
        Assert.Equal([coffee], await IdsAsync("cards?denomination=20000&currency=INR"));
        Assert.Equal([dollars], await IdsAsync($"cards?currency=USD&merchant={EscrowApp.MerchantId}"));
        Assert.Empty(await IdsAsync("cards?merchant=MERCHANT_01ARZ3NDEKTSV4RRFFQ69G5FAV"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("cards?denomination=lots"));
        JsonElement first = await App.GetAsync("cards?limit=2");
        string cursor = first.GetProperty("nextCursor").GetString()!;
        Assert.Single((await App.GetAsync($"cards?limit=2&cursor={cursor}")).GetProperty("data").EnumerateArray());
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync($"cards?limit=2&currency=INR&cursor={cursor}"));
        _shop.AsOwner();
        Assert.Equal(Sorted(_shop.Card, coffee, dollars, gone), await IdsAsync("merchant/cards"));
    }

    [Fact]
    public async Task Escrows_AreTheirHosts_AndOfOperators_ByStateAndGiveaway()
    {
        (string won, _) = await _shop.WinAsync();
        EscrowRequest held = _shop.App.Airtime();
        Assert.Equal(EscrowCode.Done, (await _shop.App.Escrows.CreateAsync(held, default)).Code);
        App.SignIn(Roles.Host);
        Assert.Equal(Sorted(won, held.Id), await IdsAsync("escrows"));
        Assert.Equal([won], await IdsAsync("escrows?state=allocated"));
        Assert.Equal(Sorted(won, held.Id), await IdsAsync("escrows?giveaway=EVENT_1"));
        Assert.Empty(await IdsAsync("escrows?giveaway=EVENT_2"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("escrows?state=nowhere"));
        Assert.Equal("held", (await App.GetAsync($"escrows/{held.Id}")).GetProperty("state").GetString());
        JsonElement page = await App.GetAsync("escrows?limit=1");
        Assert.Single(page.GetProperty("data").EnumerateArray());
        Assert.NotNull(page.GetProperty("nextCursor").GetString());
        // Another host sees none of them, and is not told that they are there.
        App.SignInAs(PaymentsApp.Meera, EscrowApp.Seller, Roles.Host);
        Assert.Empty(await IdsAsync("escrows"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"escrows/{won}"));
        AsAdmin();
        Assert.Equal(Sorted(won, held.Id), await IdsAsync("escrows"));
        Assert.Equal("allocated", (await App.GetAsync($"escrows/{won}")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Withdrawal_OfARealMerchant_IsPaidToItsBankAccount()
    {
        (string escrow, string code) = await _shop.WinAsync();
        string redemption = await _shop.InitiateAsync(code);
        _shop.AsManager();
        await _shop.ConfirmAsync(redemption);
        await Eventually.TrueAsync(async () => await _shop.StateAsync(redemption) == "completed", "it is redeemed");
        await _shop.AssertSettledOnceAsync(escrow);
        long earned = await _shop.EarnedAsync();
        _shop.AsOwner();
        const string route = $"merchants/{EscrowApp.MerchantId}/withdrawals";
        string id = _shop.App.NewId("WITHDRAWAL");
        Assert.Equal(
            HttpStatusCode.Accepted, (await App.TryPostAsync(route, new { id, amount = earned, currency = "INR" })).Status);
        await Eventually.TrueAsync(
            async () => (await App.GetAsync($"{route}/{id}")).GetProperty("state").GetString() == "completed", "it is paid");
        Assert.Equal(0, await _shop.EarnedAsync());
        Assert.Contains("IN00BANK0001", App.Provider.Operations.Single(one => one.Reference == id).Content, StringComparison.Ordinal);
        // Another tenant has no such merchant, and one that is not approved takes no money out.
        await HandInAsync();
        AsOther();
        Assert.Equal(
            (HttpStatusCode.NotFound, "not_found"),
            await App.TryPostAsync(route, new { id = _shop.App.NewId("WITHDRAWAL"), amount = 1, currency = "INR" }));
        Assert.Equal(
            (HttpStatusCode.Conflict, "merchant_not_payable"),
            await App.TryPostAsync(
                $"merchants/{OtherMerchant}/withdrawals",
                new { id = _shop.App.NewId("WITHDRAWAL"), amount = 1, currency = "INR" }));
    }

    private const string OtherTenant = "TENANT_01CX5ZZKBKACTAV9WEVGEMMVRZ";
    private const string OtherMerchant = "MERCHANT_01CX5ZZKBKACTAV9WEVGEMMVRZ";

    private void AsOther() => _shop.As(PaymentsApp.Meera, Roles.Merchant, OtherTenant);

    private void AsAdmin() => App.SignInAs(Shop.Admin, EscrowApp.Host, Roles.Admin);

    /// <summary>Another merchant that waits for its check.</summary>
    private async Task<string> HandInAsync()
    {
        AsOther();
        Assert.Equal(HttpStatusCode.OK, await PutAsync(Shop.Profile()));
        return (await App.PostAsync("merchant/kyc", new { })).GetProperty("id").GetString()!;
    }

    private async Task<HttpStatusCode> PutAsync(object profile)
    {
        using HttpResponseMessage put = await App.Client.PutAsJsonAsync("api/v1/merchant", profile);
        return put.StatusCode;
    }

    private Task<(HttpStatusCode Status, string? Code)> ReviewAsync(string merchant, object review)
    {
        AsAdmin();
        return App.TryPostAsync($"operations/merchants/{merchant}/review", review);
    }

    private Task<(HttpStatusCode Status, string? Code)> StockAsync(string id, int change) =>
        App.TryPostAsync($"merchant/cards/{_shop.Card}/stock", new { id, change });

    private async Task<int> AvailableAsync() =>
        (await App.GetAsync($"cards/{_shop.Card}")).GetProperty("available").GetInt32();

    private static object Card(string name = "Tea", long denomination = 50_000, string currency = "INR") =>
        new { name, denomination, currency, stock = 5, validDays = 90 };

    private async Task<string> AddAsync(object card) =>
        (await App.PostAsync("merchant/cards", card)).GetProperty("id").GetString()!;

    private async Task<string[]> IdsAsync(string route) =>
        [.. (await App.GetAsync(route)).GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()!).Order()];

    private static string[] Sorted(params string[] ids) => [.. ids.Order()];

    private async Task<HttpStatusCode> StatusAsync(string route)
    {
        using HttpResponseMessage answer = await App.Client.GetAsync($"api/v1/{route}");
        return answer.StatusCode;
    }
}
