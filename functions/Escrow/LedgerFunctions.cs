using System.Globalization;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FinVault.Escrow;

/// <summary>The books for those who check them, and the timers that keep them whole.</summary>
public sealed partial class LedgerFunctions(
    Ledger ledger, LedgerBooks books, TimeProvider time, ILogger<LedgerFunctions> logger)
{
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(GetTrialBalance))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("The trial balance", Description = "A row a currency, in minor units. Every total is zero at every instant.")]
    [Answers(StatusCodes.Status200OK, typeof(TrialBalance), "The sums of all accounts.")]
    public async Task<IActionResult> GetTrialBalance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ledger/trial-balance")] HttpRequest request,
        CancellationToken cancellationToken) =>
        new JsonAnswer(await books.TrialBalanceAsync(cancellationToken));

    [Function(nameof(GetLedgerAccount))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("An account's balance", Description = "Now, or as it was at a past instant.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("at", typeof(DateTimeOffset), "An instant since the account was opened, with its offset from UTC.")]
    [Answers(StatusCodes.Status200OK, typeof(BalanceView), "The balance, in minor units.")]
    [Fails(nameof(Problems.UnknownAccount), nameof(Problems.InvalidDate))]
    public async Task<IActionResult> GetLedgerAccount(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ledger/accounts/{account}")] HttpRequest request,
        string account,
        CancellationToken cancellationToken)
    {
        LedgerAccount found = await FindAsync(account, cancellationToken);
        string? text = request.Query["at"];
        if (string.IsNullOrEmpty(text))
        {
            return new JsonAnswer(BalanceView.Of(found));
        }

        return new JsonAnswer(await books.BalanceAtAsync(found, Instant(text), cancellationToken)
            ?? throw Problems.UnknownAccount.With("The account was opened later than that."));
    }

    [Function(nameof(GetStatement))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("An account's statement", Description = "Its entries, newest first, each with the balance after it.")]
    [Parameter("account", typeof(string), "The account.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<LedgerEntry>), "Entries.")]
    [Fails(nameof(Problems.UnknownAccount))]
    public async Task<IActionResult> GetStatement(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ledger/accounts/{account}/statement")]
        HttpRequest request,
        string account,
        CancellationToken cancellationToken)
    {
        PageRequest page = PageRequest.From(request, DefaultPage, MaxPage);
        LedgerAccount found = await FindAsync(account, cancellationToken);
        return new JsonAnswer(await books.StatementAsync(found.Account, page, cancellationToken));
    }

    [Function(nameof(VerifyJournal))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("Verify an account's journal", Description = "Follows the hash chain from its opening to its balance.")]
    [Parameter("account", typeof(string), "The account.")]
    [Answers(StatusCodes.Status200OK, typeof(JournalCheck), "Whether it is intact, and if not, where it breaks.")]
    [Fails(nameof(Problems.UnknownAccount))]
    public async Task<IActionResult> VerifyJournal(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ledger/accounts/{account}/verify")]
        HttpRequest request,
        string account,
        CancellationToken cancellationToken) =>
        new JsonAnswer(await books.VerifyAsync(await FindAsync(account, cancellationToken), cancellationToken));

    /// <summary>Says aloud when the books do not balance, which no sequence of failures should bring about.</summary>
    [Function(nameof(CheckTrialBalance))]
    public async Task CheckTrialBalance(
        [TimerTrigger("30 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        TrialBalance balance = await books.TrialBalanceAsync(cancellationToken);
        foreach (CurrencyBalance wrong in balance.Currencies.Where(currency => currency.Total != 0))
        {
            LedgerTelemetry.Imbalances.Add(1, new KeyValuePair<string, object?>("currency", wrong.Currency));
            LogImbalance(wrong.Currency, wrong.Total, wrong.Available, wrong.Held, wrong.Clearing);
        }
    }

    /// <summary>Ends transfers whose caller died in the middle, and holds that are over.</summary>
    [Function(nameof(RecoverTransfers))]
    public Task RecoverTransfers([TimerTrigger("15 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        ledger.RecoverAsync(cancellationToken);

    private async Task<LedgerAccount> FindAsync(string account, CancellationToken cancellationToken) =>
        (TransferRequest.IsId(account) ? await ledger.FindAccountAsync(account, cancellationToken) : null)
            ?? throw Problems.UnknownAccount.With($"There is no account {account}.");

    private DateTimeOffset Instant(string text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset at) && at <= time.GetUtcNow()
            ? at
            : throw Problems.InvalidDate.With("at is an instant that has been, such as 2026-01-31T12:00:00Z.");

    [LoggerMessage(
        EventId = 4001, Level = LogLevel.Error,
        Message = "The trial balance of {Currency} is {Total} instead of zero: "
            + "available {Available}, held {Held}, clearing {Clearing}")]
    private partial void LogImbalance(string currency, long total, long available, long held, long clearing);
}
