using System.Net;
using System.Text;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using FinVault.Tests.Support;

namespace FinVault.Tests.Escrow;

/// <summary>A provider's statement against the books, over HTTP, and the queue of what does not match.</summary>
public sealed class ReconciliationFunctionsTests : LedgerAppTest
{
    private const string Good = """{"reference":"T1","amount":100,"currency":"INR","date":"2026-01-05"}""";
    private const string ByReference = """{"reference":"payout 2","amount":-40,"currency":"INR","date":"2026-01-05"}""";
    private const string Unknown = """{"reference":"X","amount":7,"currency":"INR","date":"2026-01-05"}""";
    private const string Differs = """{"reference":"T3","amount":299,"currency":"INR","date":"2026-01-05"}""";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await PayAsync("T1", "BANK", "HOST_1", 100);
        await PayAsync("T2", "HOST_1", "BANK", 40, "payout 2");
        await PayAsync("T3", "BANK", "HOST_1", 300);
        await PayAsync("T4", "BANK", "HOST_1", 400);
        await PayAsync("T5", "HOST_1", "SHOP_1", 5);
        await Ledger.HoldAsync(new("T6", "BANK", "HOST_1", 6, "INR"), TimeSpan.FromHours(1), default);
    }

    [Fact]
    public async Task Statement_IsMatched_AndTheRestIsQueued()
    {
        (HttpStatusCode status, JsonElement run) = await ReconcileAsync("R1", Good, ByReference, Unknown, Differs);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("done", Text(run, "state"));
        Assert.Equal((4, 2, 1, 1, 1, 0), Counts(run));
        JsonElement[] items = await UnmatchedAsync("R1");
        Assert.Equal(["inStatementOnly X ", "amountDiffers T3 T3", "inBooksOnly  T4"], items.Select(Describe));
        (status, JsonElement later) = await GetAsync("reconciliations/R1");
        Assert.Equal((HttpStatusCode.OK, run.ToString()), (status, later.ToString()));
    }

    [Fact]
    public async Task Statement_SentAgain_IsTheSameRun_WhateverWasBookedMeanwhile()
    {
        (_, JsonElement first) = await ReconcileAsync("R1", Good);
        await PayAsync("T7", "BANK", "HOST_1", 1);
        (HttpStatusCode status, JsonElement again) = await ReconcileAsync("R1", Good);
        Assert.Equal((HttpStatusCode.OK, first.ToString()), (status, again.ToString()));
        (status, JsonElement problem) = await ReconcileAsync("R1", Good, Unknown);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "different_content"), (status, Text(problem, "code")));
    }

    [Fact]
    public async Task Statement_WhoseCallerDiedAnywhere_IsCompletedByTheSameCall()
    {
        // 250 lines make three chunks of items; the store dies before each write in turn, and after it.
        string[] lines = [.. Enumerable.Range(0, 250).Select(n => Unknown.Replace("\"X\"", $"\"X{n}\"", StringComparison.Ordinal))];
        foreach (FaultKind kind in (FaultKind[])[FaultKind.Unavailable, FaultKind.DoneButUnavailable])
        {
            for (int write = 0; write < 3; write++)
            {
                string id = $"{kind}-{write}";
                CosmosOperation operation = ((CosmosOperation[])[CosmosOperation.Create, CosmosOperation.Batch, CosmosOperation.Patch])[write];
                using (App.Host.Cosmos.Faults.Add(new FaultRule(kind) { Container = Containers.Ledger, Operation = operation }))
                {
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ReconcileAsync(id, lines)).Status);
                }

                await PayAsync($"LATER-{id}", "BANK", "HOST_1", 1);
                (HttpStatusCode status, JsonElement run) = await ReconcileAsync(id, lines);
                Assert.Equal((HttpStatusCode.OK, "done", 250), (status, Text(run, "state"), run.GetProperty("inStatementOnly").GetInt32()));
                Assert.Equal(250 + run.GetProperty("inBooksOnly").GetInt32(), (await UnmatchedAsync(id)).Length);
            }
        }
    }

    [Fact]
    public async Task Item_IsResolvedOnce_WithWhoWhenAndWhy()
    {
        await ReconcileAsync("R1", Good, Unknown, Differs);
        string item = Text((await UnmatchedAsync("R1"))[0], "id")!;
        string route = $"reconciliations/R1/unmatched/{item}/resolve";
        (HttpStatusCode status, JsonElement resolved) = await PostAsync(route, new { note = "test payment" });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("resolved", Operator, "test payment"), (Text(resolved, "state"), Text(resolved, "resolvedBy"), Text(resolved, "note")));
        Assert.Equal(Clock.GetUtcNow(), resolved.GetProperty("resolvedAt").GetDateTimeOffset());
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(route, new { note = "test payment" })).Status);
        (status, JsonElement problem) = await PostAsync(route, new { note = "something else" });
        Assert.Equal((HttpStatusCode.Conflict, "already_resolved"), (status, Text(problem, "code")));
        Assert.Equal(1, (await GetAsync("reconciliations/R1")).Body.GetProperty("resolved").GetInt32());
        Assert.Equal(item, Text(Assert.Single(await UnmatchedAsync("R1", "&state=resolved")), "id"));
        Assert.Equal(3, (await UnmatchedAsync("R1", "&state=open")).Length);
    }

    [Theory]
    [InlineData("R1/unmatched/item-99999/resolve", "unknown_unmatched_item")]
    [InlineData("R1/unmatched/run/resolve", "unknown_unmatched_item")]
    [InlineData("R9/unmatched/item-00001/resolve", "unknown_reconciliation")]
    public async Task Item_ThatIsNone_IsSaidToBe(string path, string code)
    {
        await ReconcileAsync("R1", Unknown);
        (HttpStatusCode status, JsonElement problem) = await PostAsync($"reconciliations/{path}", new { note = "x" });
        Assert.Equal((HttpStatusCode.NotFound, code), (status, Text(problem, "code")));
        Assert.Equal("done", Text((await GetAsync("reconciliations/R1")).Body, "state"));
    }

    [Theory]
    [InlineData("""{"reference":"","amount":1,"currency":"INR","date":"2026-01-05"}""", "Line 2: reference")]
    [InlineData("""{"reference":"T","amount":0,"currency":"INR","date":"2026-01-05"}""", "Line 2: amount")]
    [InlineData("""{"reference":"T","amount":1,"currency":"USD","date":"2026-01-05"}""", "Line 2: currency")]
    [InlineData("""{"reference":"T","amount":1,"currency":"INR","date":"2026-02-05"}""", "Line 2: date")]
    [InlineData("""{"reference":"T","amount":1.5,"currency":"INR","date":"2026-01-05"}""", "Line 2:")]
    [InlineData("not JSON", "Line 2:")]
    public async Task Statement_WithAWrongLine_IsRefusedByItsNumber(string line, string detail)
    {
        (HttpStatusCode status, JsonElement problem) = await ReconcileAsync("R1", Good, line);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_statement"), (status, Text(problem, "code")));
        Assert.StartsWith(detail, Text(problem, "detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id=R&account=HOST_1&from=2026-01-05&to=2026-01-05", "invalid_request")]
    [InlineData("id=R&account=NOBODY&from=2026-01-05&to=2026-01-05", "unknown_account")]
    [InlineData("account=BANK&from=2026-01-05&to=2026-01-05", "invalid_request")]
    [InlineData("id=R&account=BANK&from=2026-01-06&to=2026-01-05", "invalid_date")]
    [InlineData("id=R&account=BANK&from=yesterday&to=2026-01-05", "invalid_date")]
    [InlineData("id=R&account=BANK&from=2026-01-05&to=2027-01-05", "range_too_long")]
    public async Task Statement_OfSomethingElse_IsRefused(string query, string code) =>
        Assert.Equal(code, Text((await SendAsync(query, Good)).Body, "code"));

    [Fact]
    public async Task Statement_OfMoreThanTenThousandLines_IsRefused()
    {
        string[] lines = [.. Enumerable.Repeat(Unknown, StatementLine.MaxLines + 1)];
        Assert.Equal("invalid_statement", Text((await ReconcileAsync("R1", lines)).Body, "code"));
        Assert.Equal(StatementLine.MaxLines, (await ReconcileAsync("R1", lines[1..])).Body.GetProperty("lines").GetInt32());
    }

    [Fact]
    public async Task Reconciliations_AreForOperators_AuditorsRead()
    {
        await ReconcileAsync("R1", Unknown);
        SignIn(Roles.Auditor);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("reconciliations/R1/unmatched")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await ReconcileAsync("R2", Unknown)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("reconciliations/R1/unmatched/item-00001/resolve", new { note = "x" })).Status);
        SignIn(Roles.Host);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("reconciliations/R1")).Status);
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> ReconcileAsync(string id, params string[] lines) =>
        SendAsync($"id={id}&account=BANK&from=2026-01-05&to=2026-01-05", lines);

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string query, params string[] lines)
    {
        using StringContent statement = new(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        return await ReadAsync(App.Client.PostAsync($"api/v1/ledger/reconciliations?{query}", statement));
    }

    private async Task<JsonElement[]> UnmatchedAsync(string id, string query = "")
    {
        List<JsonElement> items = [];
        for (string? cursor = ""; cursor is not null;)
        {
            (_, JsonElement page) = await GetAsync($"reconciliations/{id}/unmatched?limit=100&cursor={cursor}{query}");
            items.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.TryGetProperty("nextCursor", out JsonElement next) ? next.GetString() : null;
        }

        return [.. items];
    }

    private static (int Lines, int Matched, int Statement, int Books, int Differs, int Resolved) Counts(JsonElement run)
    {
        int Of(string name) => run.GetProperty(name).GetInt32();
        return (Of("lines"), Of("matched"), Of("inStatementOnly"), Of("inBooksOnly"), Of("amountDiffers"), Of("resolved"));
    }

    private static string Describe(JsonElement item)
    {
        string Of(string side, string name) =>
            item.GetProperty(side) is { ValueKind: JsonValueKind.Object } there ? Text(there, name)! : "";
        return $"{Text(item, "kind")} {Of("line", "reference")} {Of("booked", "transfer")}";
    }
}
