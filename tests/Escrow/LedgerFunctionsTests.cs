using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Escrow;

/// <summary>The books over HTTP, in the whole app.</summary>
public sealed class LedgerFunctionsTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private AppHost _app = null!;
    private Container _store = null!;

    public async Task InitializeAsync()
    {
        _app = await AppHost.StartAsync(AppHost.Defaults with
        {
            Time = _clock,
        });
        _store = _app.Host.Services.GetRequiredService<CosmosClient>().GetContainer(Containers.Database, Containers.Ledger);
        FinVault.Escrow.Ledger ledger = _app.Host.Services.GetRequiredService<FinVault.Escrow.Ledger>();
        await ledger.OpenAccountAsync("BANK", AccountKind.Provider, "INR", default);
        await ledger.OpenAccountAsync("HOST_1", AccountKind.Host, "INR", default);
        await ledger.TransferAsync(new("TOPUP", "BANK", "HOST_1", 500, "INR"), default);
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        await ledger.HoldAsync(new("HOLD", "HOST_1", "BANK", 200, "INR"), TimeSpan.FromHours(1), default);
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Theory]
    [InlineData("trial-balance")]
    [InlineData("accounts/HOST_1")]
    [InlineData("accounts/HOST_1/statement")]
    [InlineData("accounts/HOST_1/verify")]
    public async Task Books_AreForAuditorsOnly(string route)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(route));
        SignIn(Roles.Host, Roles.Merchant);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(route));
        SignIn(Roles.Auditor);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(route));
    }

    [Fact]
    public async Task TrialBalance_IsZero()
    {
        SignIn(Roles.Admin);
        JsonElement balance = await _app.GetJsonAsync("api/v1/ledger/trial-balance");
        Assert.True(balance.GetProperty("balanced").GetBoolean());
        JsonElement inr = Assert.Single(balance.GetProperty("currencies").EnumerateArray());
        Assert.Equal(
            ("INR", -200, 200, 0, 0, 2),
            (inr.GetProperty("currency").GetString(), inr.GetProperty("available").GetInt64(), inr.GetProperty("held").GetInt64(),
                inr.GetProperty("clearing").GetInt64(), inr.GetProperty("total").GetInt64(), inr.GetProperty("accounts").GetInt32()));
    }

    [Fact]
    public async Task Account_ShowsItsBalance_NowAndThen()
    {
        SignIn(Roles.Auditor);
        JsonElement now = await _app.GetJsonAsync("api/v1/ledger/accounts/HOST_1");
        Assert.Equal((300, 200), (now.GetProperty("available").GetInt64(), now.GetProperty("held").GetInt64()));
        Assert.Equal(("host", 2), (now.GetProperty("kind").GetString(), now.GetProperty("exponent").GetInt32()));
        string at = $"{_clock.GetUtcNow().AddMilliseconds(-1):O}".Replace("+", "%2B", StringComparison.Ordinal);
        JsonElement then = await _app.GetJsonAsync($"api/v1/ledger/accounts/HOST_1?at={at}");
        Assert.Equal((500, 0), (then.GetProperty("available").GetInt64(), then.GetProperty("held").GetInt64()));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("accounts/HOST_1?at=2999-01-01T00:00:00Z"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("accounts/HOST_1?at=yesterday"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("accounts/HOST_1?at=2000-01-01T00:00:00Z"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("accounts/NOBODY"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("accounts/transfer:HOLD"));
    }

    [Fact]
    public async Task Statement_GoesOnAtItsCursor()
    {
        SignIn(Roles.Auditor);
        JsonElement first = await _app.GetJsonAsync("api/v1/ledger/accounts/HOST_1/statement?limit=1");
        Assert.Equal("HOLD:hold", first.GetProperty("data")[0].GetProperty("id").GetString());
        string cursor = first.GetProperty("nextCursor").GetString()!;
        JsonElement second = await _app.GetJsonAsync($"api/v1/ledger/accounts/HOST_1/statement?limit=1&cursor={cursor}");
        Assert.Equal("TOPUP:credit", second.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.False(second.TryGetProperty("nextCursor", out _));
    }

    [Fact]
    public async Task Verify_NamesTheTamperedEntry()
    {
        SignIn(Roles.Auditor);
        Assert.True((await _app.GetJsonAsync("api/v1/ledger/accounts/HOST_1/verify")).GetProperty("intact").GetBoolean());
        await _store.PatchItemAsync<object>("HOLD:hold", new PartitionKey("HOST_1"), [PatchOperation.Set("/heldChange", 100)]);
        JsonElement check = await _app.GetJsonAsync("api/v1/ledger/accounts/HOST_1/verify");
        Assert.Equal((false, 2), (check.GetProperty("intact").GetBoolean(), check.GetProperty("brokenAt").GetInt64()));
    }

    [Fact]
    public async Task Check_SaysAloudWhenTheBooksDoNotBalance()
    {
        LedgerFunctions functions = ActivatorUtilities.CreateInstance<LedgerFunctions>(_app.Host.Services);
        await functions.CheckTrialBalance(new TimerInfo(), default);
        Assert.DoesNotContain(_app.Logs.All, log => log.EventId == 4001);
        await _store.PatchItemAsync<object>("balance", new PartitionKey("HOST_1"), [PatchOperation.Increment("/available", 7)]);
        await functions.CheckTrialBalance(new TimerInfo(), default);
        CapturedLog error = Assert.Single(_app.Logs.All, log => log.EventId == 4001);
        Assert.Equal((LogLevel.Error, "INR", "7"), (error.Level, error["Currency"], error["Total"]));
    }

    [Fact]
    public async Task Recovery_GivesBackWhatIsOver()
    {
        LedgerFunctions functions = ActivatorUtilities.CreateInstance<LedgerFunctions>(_app.Host.Services);
        _clock.Advance(TimeSpan.FromHours(1));
        await functions.RecoverTransfers(new TimerInfo(), default);
        SignIn(Roles.Auditor);
        JsonElement now = await _app.GetJsonAsync("api/v1/ledger/accounts/HOST_1");
        Assert.Equal((500, 0), (now.GetProperty("available").GetInt64(), now.GetProperty("held").GetInt64()));
    }

    private async Task<HttpStatusCode> StatusAsync(string route)
    {
        using HttpResponseMessage answer = await _app.Client.GetAsync($"api/v1/ledger/{route}");
        return answer.StatusCode;
    }

    private void SignIn(params string[] roles)
    {
        CurrentUser user = new("USER_01ARZ3NDEKTSV4RRFFQ69G5FAV", "TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAV", roles.ToHashSet());
        _app.SignIn(user);
    }
}
