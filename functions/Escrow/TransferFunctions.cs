using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FinVault.Escrow;

/// <summary>Single transfers for those who check the books, and the one correction that there is.</summary>
public sealed partial class TransferFunctions(Ledger ledger, ILogger<TransferFunctions> logger)
{
    private const int MaxBodyBytes = 16 * 1024;

    [Function(nameof(GetTransfer))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("A transfer", Description = "As it stands. A reversal's id is that of its transfer with .reversal behind it.")]
    [Parameter("id", typeof(string), "The transfer.")]
    [Answers(StatusCodes.Status200OK, typeof(Transfer), "The transfer, amounts in minor units.")]
    [Fails(nameof(Problems.UnknownTransfer))]
    public async Task<IActionResult> GetTransfer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ledger/transfers/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        new JsonAnswer((Transfer.IsId(id) ? await ledger.FindTransferAsync(id, cancellationToken) : null)
            ?? throw Unknown(id));

    [Function(nameof(ReverseTransfer))]
    [Access(Roles.Admin)]
    [Api("Reverse a posted transfer", Description = "By a new transfer the other way, once. The same call with the "
        + "same reason answers the same again.")]
    [Parameter("id", typeof(string), "The transfer.")]
    [Body(typeof(ReversalOrder))]
    [Answers(StatusCodes.Status200OK, typeof(Transfer), "The reversal, posted.")]
    [Fails(nameof(Problems.UnknownTransfer), nameof(Problems.TransferNotReversible),
        nameof(Problems.InsufficientFunds), nameof(Problems.DifferentContent), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> ReverseTransfer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "ledger/transfers/{id}/reverse")]
        HttpRequest request,
        string id,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        ReversalOrder order = await request.ReadJsonAsync<ReversalOrder>(MaxBodyBytes, cancellation);
        string reason = order.Reason.Trim();
        TransferResult result = (reason.Length, TransferRequest.IsId(id)) switch
        {
            (0, _) => throw Problems.InvalidRequest.With("reason must say why."),
            (_, false) when !Transfer.IsId(id) => throw Unknown(id),
            _ => await ledger.ReverseAsync(id, reason, cancellation),
        };
        LogReversal(id, CurrentUser.Of(context).UserId, result.Code, reason);
        return result.IsDone ? new JsonAnswer(result.Transfer!) : throw Refusal(id, result.Code);
    }

    private static ProblemException Unknown(string id) =>
        Problems.UnknownTransfer.With($"There is no transfer {id}.");

    private static ProblemException Refusal(string id, TransferCode code) => code switch
    {
        TransferCode.UnknownTransfer => Unknown(id),
        TransferCode.NotPosted => Problems.TransferNotReversible.With("Only what is posted can be reversed."),
        TransferCode.NotReversible =>
            Problems.TransferNotReversible.With("A reversal is not reversed; make the transfer anew."),
        TransferCode.InsufficientFunds or TransferCode.OverdraftLimit =>
            Problems.InsufficientFunds.With("Who was paid has not so much available."),
        TransferCode.DifferentContent => Problems.DifferentContent.With("It is reversed already, for another reason."),
        TransferCode.InvalidId =>
            Problems.InvalidRequest.With("reason has 1 to 200 characters and no line breaks."),
        _ => throw new InvalidOperationException($"A reversal cannot be {code}."),
    };

    [LoggerMessage(
        EventId = 4002, Level = LogLevel.Information,
        Message = "Reversal of {TransferId} by {UserId}: {Code}. {Reason}")]
    private partial void LogReversal(string transferId, string userId, TransferCode code, string reason);
}

/// <summary>Why a transfer is taken back.</summary>
/// <param name="Reason">1 to 200 characters; the reversal's reference.</param>
public sealed record ReversalOrder(string Reason);
