using System.Net;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Tests.Support;

namespace FinVault.Tests.Escrow;

/// <summary>Single transfers over HTTP, and how an operator takes one back.</summary>
public sealed class TransferFunctionsTests : LedgerAppTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await PayAsync("TOPUP", "BANK", "HOST_1", 500, "card 1");
    }

    [Fact]
    public async Task Transfer_IsShownAsItStands()
    {
        SignIn(Roles.Auditor);
        (HttpStatusCode status, JsonElement transfer) = await GetAsync("transfers/TOPUP");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ("posted", "BANK", "HOST_1", 500, "card 1"),
            (Text(transfer, "state"), Text(transfer, "account"), Text(transfer, "creditAccount"),
                transfer.GetProperty("amount").GetInt64(), Text(transfer, "reference")));
    }

    [Theory]
    [InlineData("NONE")]
    [InlineData("NONE.reversal")]
    [InlineData("not an id")]
    public async Task UnknownTransfer_IsSaidToBe(string id)
    {
        (HttpStatusCode status, JsonElement problem) = await GetAsync($"transfers/{id}");
        Assert.Equal((HttpStatusCode.NotFound, "unknown_transfer"), (status, Text(problem, "code")));
        (status, problem) = await PostAsync($"transfers/{id}/reverse", new { reason = "why" });
        Assert.Equal((HttpStatusCode.NotFound, "unknown_transfer"), (status, Text(problem, "code")));
    }

    [Fact]
    public async Task Reversal_IsMadeOnce_AndItsReasonIsKept()
    {
        (HttpStatusCode first, JsonElement reversal) = await PostAsync("transfers/TOPUP/reverse", new { reason = "charged back" });
        Assert.Equal((HttpStatusCode.OK, "TOPUP.reversal", "posted"), (first, Text(reversal, "id"), Text(reversal, "state")));
        Assert.Equal(("TOPUP", "charged back"), (Text(reversal, "reverses"), Text(reversal, "reference")));
        (HttpStatusCode again, _) = await PostAsync("transfers/TOPUP/reverse", new { reason = "charged back" });
        Assert.Equal(HttpStatusCode.OK, again);
        (HttpStatusCode other, JsonElement problem) = await PostAsync("transfers/TOPUP/reverse", new { reason = "another" });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "different_content"), (other, Text(problem, "code")));
        (HttpStatusCode back, problem) = await PostAsync("transfers/TOPUP.reversal/reverse", new { reason = "no" });
        Assert.Equal((HttpStatusCode.Conflict, "transfer_not_reversible"), (back, Text(problem, "code")));
        Assert.Equal(0, (await GetAsync("accounts/HOST_1")).Body.GetProperty("available").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("transfers/TOPUP.reversal")).Status);
        Assert.Contains(App.Logs.All, log => log.EventId == 4002 && log["UserId"] == Operator && log["Reason"] == "charged back");
    }

    [Fact]
    public async Task Reversal_IsRefusedForWhatCannotBeTakenBack()
    {
        await PayAsync("SPENT", "HOST_1", "SHOP_1", 400);
        (HttpStatusCode status, JsonElement problem) = await PostAsync("transfers/TOPUP/reverse", new { reason = "late" });
        Assert.Equal((HttpStatusCode.Conflict, "insufficient_funds"), (status, Text(problem, "code")));
        await Ledger.HoldAsync(new("HOLD", "HOST_1", "SHOP_1", 50, "INR"), TimeSpan.FromHours(1), default);
        (status, problem) = await PostAsync("transfers/HOLD/reverse", new { reason = "early" });
        Assert.Equal((HttpStatusCode.Conflict, "transfer_not_reversible"), (status, Text(problem, "code")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("two\nlines")]
    public async Task Reversal_NeedsAReason(string reason) => Assert.Equal(
        HttpStatusCode.BadRequest, (await PostAsync("transfers/TOPUP/reverse", new { reason })).Status);

    [Fact]
    public async Task Transfers_AreForAuditors_ReversalsForOperators()
    {
        SignIn(Roles.Host, Roles.Merchant);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("transfers/TOPUP")).Status);
        SignIn(Roles.Auditor);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("transfers/TOPUP/reverse", new { reason = "x" })).Status);
    }
}
