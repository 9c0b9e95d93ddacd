using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Escrow;

/// <summary>A host's wallets: what is in them, what came in, and where to send money to.</summary>
public sealed class WalletFunctions(Wallets wallets, TopUps topUps)
{
    private const int MaxBodyBytes = 4096;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(GetWallet))]
    [Access(Permission = Permissions.WalletRead)]
    [Api("Your wallet", Description = "In minor units. One that was never opened is empty.")]
    [Parameter("currency", typeof(string), "ISO 4217.")]
    [Answers(StatusCodes.Status200OK, typeof(WalletView), "The wallet.")]
    [Fails(nameof(Problems.InvalidCurrency))]
    public async Task<IActionResult> GetWallet(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "wallets/{currency}")] HttpRequest request,
        string currency,
        FunctionContext context) => new JsonAnswer(await wallets.ReadAsync(
            CurrentUser.Of(context).TenantId, Known(currency), context.CancellationToken));

    [Function(nameof(OpenWallet))]
    [Access(Roles.Host)]
    [Api("Open your wallet", Description = "Gives it the virtual bank account that fills it. May be repeated.")]
    [Parameter("currency", typeof(string), "ISO 4217.")]
    [Answers(StatusCodes.Status200OK, typeof(WalletView), "The wallet.")]
    [Fails(nameof(Problems.InvalidCurrency), nameof(Problems.Unavailable))]
    public async Task<IActionResult> OpenWallet(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "wallets/{currency}")] HttpRequest request,
        string currency,
        FunctionContext context) => new JsonAnswer(await wallets.OpenAsync(
            CurrentUser.Of(context).TenantId, Known(currency), context.CancellationToken));

    [Function(nameof(WatchWallet))]
    [Access(Roles.Host)]
    [Api("Set below what you are warned", Description = "A message `wallet.low` tells it, once until it is no longer so.")]
    [Parameter("currency", typeof(string), "ISO 4217.")]
    [Body(typeof(WalletWatch))]
    [Answers(StatusCodes.Status200OK, typeof(WalletView), "The wallet.")]
    [Fails(nameof(Problems.InvalidCurrency), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> WatchWallet(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "wallets/{currency}/watch")] HttpRequest request,
        string currency,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        WalletWatch watch = await request.ReadJsonAsync<WalletWatch>(MaxBodyBytes, cancellation);
        return watch.LowThreshold is < 0 or > TransferRequest.MaxAmount
            ? throw Problems.InvalidRequest.With($"lowThreshold is null or 0 to {TransferRequest.MaxAmount}.")
            : new JsonAnswer(await wallets.WatchAsync(
                CurrentUser.Of(context).TenantId, Known(currency), watch.LowThreshold, cancellation));
    }

    [Function(nameof(ListWalletTransactions))]
    [Access(Permission = Permissions.WalletRead)]
    [Api("Your wallet's transactions", Description = "Its entries in the ledger, newest first, each with the balance after it.")]
    [Parameter("currency", typeof(string), "ISO 4217.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<LedgerEntry>), "Entries.")]
    [Fails(nameof(Problems.InvalidCurrency))]
    public async Task<IActionResult> ListWalletTransactions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "wallets/{currency}/transactions")]
        HttpRequest request,
        string currency,
        FunctionContext context) => new JsonAnswer(await wallets.TransactionsAsync(
            CurrentUser.Of(context).TenantId, Known(currency), PageRequest.From(request, DefaultPage, MaxPage),
            context.CancellationToken));

    [Function(nameof(ListTopUps))]
    [Access(Permission = Permissions.WalletRead)]
    [Api("Your wallet's top-ups", Description = "Newest first, each with the fee that the provider really charged.")]
    [Parameter("currency", typeof(string), "ISO 4217.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<TopUp>), "Top-ups.")]
    [Fails(nameof(Problems.InvalidCurrency))]
    public async Task<IActionResult> ListTopUps(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "wallets/{currency}/topups")] HttpRequest request,
        string currency,
        FunctionContext context) => new JsonAnswer(await wallets.TopUpsAsync(
            CurrentUser.Of(context).TenantId, Known(currency), PageRequest.From(request, DefaultPage, MaxPage),
            context.CancellationToken));

    [Function(nameof(ListUnallocatedTopUps))]
    [Access(Roles.Admin)]
    [Api("Top-ups for nobody we know", Description = "Money in the main account, oldest first.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<UnallocatedTopUp>), "Top-ups.")]
    public async Task<IActionResult> ListUnallocatedTopUps(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/topups/unallocated")]
        HttpRequest request,
        CancellationToken cancellationToken) => new JsonAnswer(await topUps.UnallocatedAsync(
            PageRequest.From(request, DefaultPage, MaxPage), cancellationToken));

    [Function(nameof(AssignTopUp))]
    [Access(Roles.Admin)]
    [Api("Give a top-up to a wallet", Description = "One for nobody we know. It cannot be taken back by this.")]
    [Parameter("topUp", typeof(string), "The top-up.")]
    [Body(typeof(TopUpAssignment))]
    [Answers(StatusCodes.Status200OK, typeof(TopUp), "The top-up in the wallet.")]
    [Fails(nameof(Problems.NotFound), nameof(Problems.AlreadyAssigned), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> AssignTopUp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/topups/{topUp}/assign")]
        HttpRequest request,
        string topUp,
        CancellationToken cancellationToken)
    {
        TopUpAssignment to = await request.ReadJsonAsync<TopUpAssignment>(MaxBodyBytes, cancellationToken);
        return Ids.IsValid(to.TenantId, "TENANT")
            ? new JsonAnswer(await topUps.AssignAsync(topUp, to.TenantId, cancellationToken))
            : throw Problems.InvalidRequest.With("tenantId is the id of a tenant.");
    }

    /// <summary>Warns the tenants whose wallets have become low.</summary>
    [Function(nameof(WarnOfLowFunds))]
    public Task WarnOfLowFunds([TimerTrigger("20 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        wallets.WarnOfLowFundsAsync(cancellationToken);

    private static string Known(string currency) => Currencies.Exists(currency)
        ? currency
        : throw Problems.InvalidCurrency.With($"{currency} is no code of ISO 4217, in capitals.");
}
