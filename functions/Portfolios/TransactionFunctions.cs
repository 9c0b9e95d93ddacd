using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>What happened in your accounts: recorded, listed, taken back; never changed.</summary>
public sealed class TransactionFunctions(
    Transactions transactions, Transfers transfers, PortfolioStore store, AccountWork work, DueTransactions due)
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int DefaultPage = 50;
    private const int MaxPage = 500;

    [Function(nameof(RecordTransaction))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Record a transaction", Description = "Also one of long ago: everything after it is worked out again. One that is "
        + "traded in the future is pending until then. With a clientId that is known it answers what was recorded.")]
    [Parameter("account", typeof(string), "The account.")]
    [Body(typeof(TransactionRequest))]
    [Answers(StatusCodes.Status201Created, typeof(PortfolioTransaction), "The transaction.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidTransaction), nameof(Problems.TransactionRefused),
        nameof(Problems.FxUnavailable), nameof(Problems.ClientIdReused))]
    public async Task<IActionResult> RecordTransaction(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/transactions")]
        HttpRequest request,
        string account,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        TransactionRequest wanted = await request.ReadJsonAsync<TransactionRequest>(MaxBodyBytes, cancellation);
        IReadOnlyList<PortfolioTransaction> recorded =
            await transactions.RecordAsync(CurrentUser.Of(context), account, [wanted], cancellation);
        return new JsonAnswer(recorded[0], StatusCodes.Status201Created);
    }

    [Function(nameof(RecordTransactions))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Record several transactions", Description = "30 at most; all of them, or none.")]
    [Parameter("account", typeof(string), "The account.")]
    [Body(typeof(TransactionRequests))]
    [Answers(StatusCodes.Status201Created, typeof(IReadOnlyList<PortfolioTransaction>), "The transactions, in order.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidTransaction), nameof(Problems.TransactionRefused),
        nameof(Problems.FxUnavailable), nameof(Problems.ClientIdReused), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> RecordTransactions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/transactions/batch")]
        HttpRequest request,
        string account,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        TransactionRequests wanted = await request.ReadJsonAsync<TransactionRequests>(MaxBodyBytes, cancellation);
        return new JsonAnswer(
            await transactions.RecordAsync(CurrentUser.Of(context), account, wanted.Transactions, cancellation),
            StatusCodes.Status201Created);
    }

    [Function(nameof(TransferBetween))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Move units or money to another of your accounts", Description = "Both sides in one call, with the lots that go: "
        + "neither stands without the other. Sent again with its clientId it answers the same two.")]
    [Parameter("account", typeof(string), "The account that gives.")]
    [Body(typeof(TransferRequest))]
    [Answers(StatusCodes.Status201Created, typeof(TransferView), "Both sides.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidTransaction), nameof(Problems.TransactionRefused),
        nameof(Problems.FxUnavailable), nameof(Problems.ClientIdReused))]
    public async Task<IActionResult> TransferBetween(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/transfers")] HttpRequest request,
        string account,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        TransferRequest wanted = await request.ReadJsonAsync<TransferRequest>(MaxBodyBytes, cancellation);
        return new JsonAnswer(
            await transfers.MoveAsync(CurrentUser.Of(context), account, wanted, cancellation), StatusCodes.Status201Created);
    }

    [Function(nameof(ListTransactions))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("An account's transactions", Description = "Those that took effect last first, reversals among them.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("symbol", typeof(string), "Only of this symbol.")]
    [Parameter("status", typeof(string), "Only of this status.", Values = ["pending", "processing", "completed"])]
    [Parameter("import", typeof(string), "Only of this import.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<PortfolioTransaction>), "Transactions.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> ListTransactions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/transactions")]
        HttpRequest request,
        string account,
        FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        PageRequest page = PageRequest.From(request, DefaultPage, MaxPage);
        TransactionFilter filter = new(
            Given(request, "symbol"), request.Choice<TransactionStatus>("status"), Given(request, "import"));
        await work.OpenAsync(CurrentUser.Of(context), account, context.CancellationToken);
        return new JsonAnswer(await store.ListAsync(account, filter, page, context.CancellationToken));
    }

    [Function(nameof(GetTransaction))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("A transaction")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("transaction", typeof(string), "The transaction.")]
    [Answers(StatusCodes.Status200OK, typeof(PortfolioTransaction), "The transaction, as it is stored now.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.UnknownTransaction))]
    public async Task<IActionResult> GetTransaction(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/transactions/{transaction}")]
        HttpRequest request,
        string account,
        string transaction,
        FunctionContext context)
    {
        await work.OpenAsync(CurrentUser.Of(context), account, context.CancellationToken);
        return new JsonAnswer(
            await store.FindTransactionAsync(account, transaction, context.CancellationToken)
            ?? throw Problems.UnknownTransaction.With("The account has no such transaction."));
    }

    [Function(nameof(ReverseTransaction))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Take a transaction back", Description = "It stays, and a reversal of it is recorded; neither counts. Refused "
        + "where something later leans on it, such as a sale of what was bought. Of a transfer between your accounts both "
        + "sides are taken back, or none. May be repeated.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("transaction", typeof(string), "The transaction.")]
    [Body(typeof(ReversalRequest))]
    [Answers(StatusCodes.Status201Created, typeof(PortfolioTransaction), "The reversal.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.UnknownTransaction), nameof(Problems.TransactionRefused),
        nameof(Problems.NotReversible), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> ReverseTransaction(
        [HttpTrigger(
            AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/transactions/{transaction}/reversal")]
        HttpRequest request,
        string account,
        string transaction,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        ReversalRequest why = await request.ReadJsonAsync<ReversalRequest>(MaxBodyBytes, cancellation);
        if (why.Reason is { } reason && (reason.Length > TransactionRules.MaxNote || reason.Any(char.IsControl)))
        {
            throw Problems.InvalidRequest.With($"reason has {TransactionRules.MaxNote} characters at most.");
        }

        return new JsonAnswer(
            await transactions.ReverseAsync(CurrentUser.Of(context), account, transaction, why.Reason, cancellation),
            StatusCodes.Status201Created);
    }

    /// <summary>Lets pending transactions count when their time has come.</summary>
    [Function(nameof(CompleteDueTransactions))]
    public Task CompleteDueTransactions(
        [TimerTrigger("10 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        due.CompleteAsync(cancellationToken);

    private static string? Given(HttpRequest request, string name) =>
        request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}
