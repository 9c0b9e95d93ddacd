using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Escrow;

/// <summary>A merchant's withdrawals: ask, look, approve, turn down.</summary>
public sealed class WithdrawalFunctions(Withdrawals withdrawals)
{
    private const string Route = "merchants/{merchantId}/withdrawals";
    private const int MaxBodyBytes = 4096;
    private const int MaxReasonLength = 200;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(GetMerchantBalance))]
    [Access(Permission = Permissions.WalletRead)]
    [Api("What a merchant has earned", Description = "In minor units; what is being withdrawn is held.")]
    [Parameter("merchantId", typeof(string), "The merchant.")]
    [Parameter("currency", typeof(string), "ISO 4217.")]
    [Answers(StatusCodes.Status200OK, typeof(MerchantBalance), "The balance; of a merchant that was never paid, zero.")]
    [Fails(nameof(Problems.NotFound), nameof(Problems.InvalidCurrency))]
    public async Task<IActionResult> GetMerchantBalance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "merchants/{merchantId}/balance/{currency}")]
        HttpRequest request,
        string merchantId,
        string currency,
        FunctionContext context) => new JsonAnswer(Currencies.Exists(currency)
            ? await withdrawals.BalanceAsync(CurrentUser.Of(context), merchantId, currency, context.CancellationToken)
            : throw Problems.InvalidCurrency.With($"{currency} is no code of ISO 4217, in capitals."));

    [Function(nameof(RequestWithdrawal))]
    [Access(Permission = Permissions.WalletWithdraw)]
    [StepUp]
    [Api(
        "Withdraw a merchant's money",
        Description = "To its bank account. Above the limit a second person must approve it. With the same id it is done "
            + "once; repeat it when you did not hear the answer.")]
    [Parameter("merchantId", typeof(string), "The merchant.")]
    [Body(typeof(WithdrawalRequest))]
    [Answers(StatusCodes.Status202Accepted, typeof(Withdrawal), "It, as far as it came.")]
    [Fails(
        nameof(Problems.InvalidRequest), nameof(Problems.NotFound), nameof(Problems.MerchantNotPayable),
        nameof(Problems.SpendLimitExceeded), nameof(Problems.InsufficientFunds), nameof(Problems.DifferentContent),
        nameof(Problems.StepUpRequired), nameof(Problems.Unavailable))]
    public async Task<IActionResult> RequestWithdrawal(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request,
        string merchantId,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        WithdrawalRequest wanted = await request.ReadJsonAsync<WithdrawalRequest>(MaxBodyBytes, cancellation);
        if (!Ids.IsValid(wanted.Id, WithdrawalDocument.Prefix) || wanted.Amount <= 0 || !Currencies.Exists(wanted.Currency))
        {
            throw Problems.InvalidRequest.With("id is WITHDRAWAL_ULID, amount more than 0, currency of ISO 4217.");
        }

        Withdrawal made = await withdrawals.RequestAsync(CurrentUser.Of(context), merchantId, wanted, cancellation);
        return made.State == WithdrawalState.Refused
            ? throw Problems.InsufficientFunds.With("The merchant has less than that.")
            : new JsonAnswer(made, StatusCodes.Status202Accepted);
    }

    [Function(nameof(ListWithdrawals))]
    [Access(Permission = Permissions.WalletRead)]
    [Api("A merchant's withdrawals", Description = "Newest first.")]
    [Parameter("merchantId", typeof(string), "The merchant.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<Withdrawal>), "Withdrawals.")]
    [Fails(nameof(Problems.NotFound))]
    public async Task<IActionResult> ListWithdrawals(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Route)] HttpRequest request,
        string merchantId,
        FunctionContext context) => new JsonAnswer(await withdrawals.ListAsync(
            CurrentUser.Of(context), merchantId, PageRequest.From(request, DefaultPage, MaxPage),
            context.CancellationToken));

    [Function(nameof(GetWithdrawal))]
    [Access(Permission = Permissions.WalletRead)]
    [Api("A withdrawal")]
    [Parameter("merchantId", typeof(string), "The merchant.")]
    [Parameter("id", typeof(string), "The withdrawal.")]
    [Answers(StatusCodes.Status200OK, typeof(Withdrawal), "It, as it is.")]
    [Fails(nameof(Problems.UnknownWithdrawal))]
    public async Task<IActionResult> GetWithdrawal(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Route + "/{id}")] HttpRequest request,
        string merchantId,
        string id,
        FunctionContext context) => new JsonAnswer(await withdrawals.FindAsync(
            CurrentUser.Of(context), merchantId, id, context.CancellationToken));

    [Function(nameof(ApproveWithdrawal))]
    [Access(Permission = Permissions.WalletWithdraw)]
    [StepUp]
    [Api("Approve a withdrawal", Description = "One that is above the limit, and that somebody else asked for.")]
    [Parameter("merchantId", typeof(string), "The merchant.")]
    [Parameter("id", typeof(string), "The withdrawal.")]
    [Answers(StatusCodes.Status202Accepted, typeof(Withdrawal), "It, as far as it came.")]
    [Fails(
        nameof(Problems.UnknownWithdrawal), nameof(Problems.SecondPersonNeeded), nameof(Problems.InvalidTransition),
        nameof(Problems.StepUpRequired), nameof(Problems.Unavailable))]
    public async Task<IActionResult> ApproveWithdrawal(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route + "/{id}/approve")] HttpRequest request,
        string merchantId,
        string id,
        FunctionContext context) => new JsonAnswer(
            await withdrawals.ApproveAsync(CurrentUser.Of(context), merchantId, id, context.CancellationToken),
            StatusCodes.Status202Accepted);

    [Function(nameof(RejectWithdrawal))]
    [Access(Permission = Permissions.WalletWithdraw)]
    [Api("Turn a withdrawal down", Description = "One that waits for approval. Whoever asked for it may do so too.")]
    [Parameter("merchantId", typeof(string), "The merchant.")]
    [Parameter("id", typeof(string), "The withdrawal.")]
    [Body(typeof(WithdrawalRejection))]
    [Answers(StatusCodes.Status200OK, typeof(Withdrawal), "It, with the money given back.")]
    [Fails(nameof(Problems.UnknownWithdrawal), nameof(Problems.InvalidTransition), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> RejectWithdrawal(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route + "/{id}/reject")] HttpRequest request,
        string merchantId,
        string id,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        WithdrawalRejection given = await request.ReadJsonAsync<WithdrawalRejection>(MaxBodyBytes, cancellation);
        return given.Reason.Trim() is { Length: > 0 and <= MaxReasonLength } reason && !reason.Any(char.IsControl)
            ? new JsonAnswer(await withdrawals.RejectAsync(
                CurrentUser.Of(context), merchantId, id, reason, cancellation))
            : throw Problems.InvalidRequest.With($"reason has 1 to {MaxReasonLength} characters.");
    }

    /// <summary>Goes on with what was left in the middle.</summary>
    [Function(nameof(CompleteWithdrawals))]
    public Task CompleteWithdrawals(
        [TimerTrigger("*/30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        withdrawals.CompleteAsync(cancellationToken);
}
