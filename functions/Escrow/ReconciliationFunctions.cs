using System.Globalization;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FinVault.Escrow;

/// <summary>Provider statements held against the journal, and the queue of what does not match.</summary>
public sealed partial class ReconciliationFunctions(
    Reconciliations reconciliations, ReconciliationStore store, ILogger<ReconciliationFunctions> logger)
{
    private const int MaxStatementBytes = 4 * 1024 * 1024;
    private const int MaxBodyBytes = 16 * 1024;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;
    private const int MaxNote = 500;

    [Function(nameof(ReconcileStatement))]
    [Access(Roles.Admin)]
    [Api("Reconcile a provider's statement", Description = "A line a movement, at most 10,000: reference (our "
        + "transfer's id or reference), amount in minor units (above zero what came in, below zero what went out), "
        + "currency, date (UTC). Called again with the same id and content it answers the same run.")]
    [Parameter("id", typeof(string), "The run's id, the caller's own.", Required = true)]
    [Parameter("account", typeof(string), "The provider's account in the ledger.", Required = true)]
    [Parameter("from", typeof(DateOnly), "The statement's first day, UTC.", Required = true)]
    [Parameter("to", typeof(DateOnly), "Its last day; at most 92 days.", Required = true)]
    [Body(typeof(StatementLine), "application/x-ndjson", Description = "A line of JSON a movement.")]
    [Answers(StatusCodes.Status200OK, typeof(Reconciliation), "The run; unmatched items are a list of their own.")]
    [Fails(nameof(Problems.InvalidStatement), nameof(Problems.UnknownAccount), nameof(Problems.InvalidRequest),
        nameof(Problems.InvalidDate), nameof(Problems.RangeTooLong), nameof(Problems.DifferentContent),
        nameof(Problems.ReconciliationTooLarge), nameof(Problems.BodyTooLarge))]
    public async Task<IActionResult> ReconcileStatement(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "ledger/reconciliations")] HttpRequest request,
        FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        string id = Id(request.Query["id"], "id");
        string account = Id(request.Query["account"], "account");
        StatementPeriod period = StatementPeriod.Of(Day(request, "from"), Day(request, "to"));
        using MemoryStream body = await request.ReadBytesAsync(MaxStatementBytes, context.CancellationToken);
        string by = CurrentUser.Of(context).UserId;
        return new JsonAnswer(await reconciliations.RunAsync(
            new(id, account, period, body.ToArray(), by), context.CancellationToken));
    }

    [Function(nameof(GetReconciliation))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("A reconciliation", Description = "Counts of what matched, of what did not, and of what is resolved.")]
    [Parameter("id", typeof(string), "The run.")]
    [Answers(StatusCodes.Status200OK, typeof(Reconciliation), "The run.")]
    [Fails(nameof(Problems.UnknownReconciliation))]
    public async Task<IActionResult> GetReconciliation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ledger/reconciliations/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        new JsonAnswer(Reconciliation.Of(await FindAsync(id, cancellationToken)));

    [Function(nameof(ListUnmatched))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("What does not match", Description = "Lines of the statement in their order, then entries of the books.")]
    [Parameter("id", typeof(string), "The run.")]
    [Parameter("state", typeof(string), "Only these; without it, all.", Values = ["open", "resolved"])]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<UnmatchedItem>), "Unmatched items.")]
    [Fails(nameof(Problems.UnknownReconciliation), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> ListUnmatched(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ledger/reconciliations/{id}/unmatched")]
        HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        PageRequest page = PageRequest.From(request, DefaultPage, MaxPage);
        UnmatchedState? state = (string?)request.Query["state"] switch
        {
            null or "" => null,
            "open" => UnmatchedState.Open,
            "resolved" => UnmatchedState.Resolved,
            _ => throw Problems.InvalidRequest.With("state is open or resolved."),
        };
        await FindAsync(id, cancellationToken);
        return new JsonAnswer(await store.UnmatchedAsync(id, state, page, cancellationToken));
    }

    [Function(nameof(ResolveUnmatched))]
    [Access(Roles.Admin)]
    [Api("Resolve an unmatched item", Description = "Notes who looked into it, when, and what came of it. It moves no "
        + "money: corrections are transfers and reversals.")]
    [Parameter("id", typeof(string), "The run.")]
    [Parameter("item", typeof(string), "The item.")]
    [Body(typeof(ResolveOrder))]
    [Answers(StatusCodes.Status200OK, typeof(UnmatchedItem), "The item, resolved.")]
    [Fails(nameof(Problems.UnknownReconciliation), nameof(Problems.UnknownUnmatchedItem),
        nameof(Problems.AlreadyResolved), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> ResolveUnmatched(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post",
            Route = "ledger/reconciliations/{id}/unmatched/{item}/resolve")]
        HttpRequest request,
        string id,
        string item,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        ResolveOrder order = await request.ReadJsonAsync<ResolveOrder>(MaxBodyBytes, cancellation);
        string note = order.Note.Trim() is { Length: > 0 and <= MaxNote } text
            ? text
            : throw Problems.InvalidRequest.With($"note must have 1 to {MaxNote} characters.");
        await FindAsync(id, cancellation);
        string by = CurrentUser.Of(context).UserId;
        UnmatchedItem resolved = await reconciliations.ResolveAsync(id, item, note, by, cancellation);
        LogResolved(id, item, by, note);
        return new JsonAnswer(resolved);
    }

    private async Task<ReconciliationRun> FindAsync(string id, CancellationToken cancellation) =>
        (TransferRequest.IsId(id) ? await store.FindAsync(id, cancellation) : null)
            ?? throw Problems.UnknownReconciliation.With($"There is no reconciliation {id}.");

    private static string Id(string? text, string name) => TransferRequest.IsId(text)
        ? text!
        : throw Problems.InvalidRequest.With($"{name} must be 1 to 100 letters, digits, '_' and '-'.");

    private static DateOnly Day(HttpRequest request, string name) =>
        DateOnly.TryParseExact(
            request.Query[name], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : throw Problems.InvalidDate.With($"{name} is a day, such as 2026-01-31.");

    [LoggerMessage(
        EventId = 4003, Level = LogLevel.Information,
        Message = "Unmatched item {Item} of reconciliation {Reconciliation} resolved by {UserId}: {Note}")]
    private partial void LogResolved(string reconciliation, string item, string userId, string note);
}

/// <summary>What came of an unmatched item.</summary>
/// <param name="Note">1 to 500 characters.</param>
public sealed record ResolveOrder(string Note);
