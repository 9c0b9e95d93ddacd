using FinVault.Identity;
using FinVault.Market.Calendar;
using FinVault.Market.Ingest;
using FinVault.Market.Read;
using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

/// <summary>
/// Users' alerts: set, changed, paused, deleted. Before a change is answered the ticks hub is told of it, in the symbol's
/// own partition: every tick that comes into the hub after the answer is judged by the alert as it is then.
/// </summary>
public sealed partial class Alerts(
    AlertStore store, AccountWork accounts, BoardReader boards, TicksHub hub, TimeProvider time, ILogger<Alerts> logger)
{
    public const string Prefix = "ALERT";

    /// <summary>A user has no more than this, those that are done included.</summary>
    public const int MaxPerUser = 200;

    private static readonly TimeSpan BoardAge = TimeSpan.FromMilliseconds(200);

    private const int MaxNote = 200;
    private const int MaxWindowMinutes = 7 * 24 * 60;
    private const int MaxTries = 10;
    private const decimal DefaultHysteresis = 0.5m;

    // What JSON numbers in the store keep exactly.
    private const decimal MaxThreshold = 1_000_000_000;

    /// <exception cref="ProblemException">invalid_alert, unknown_symbol, unknown_portfolio, too_many_alerts.</exception>
    public async Task<AlertView> AddAsync(CurrentUser user, NewAlert wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(wanted);
        DateTimeOffset now = time.GetUtcNow();
        AlertDocument alert = Checked(new(
            Ids.New(Prefix, now), user.UserId, wanted.Kind, SubjectOf(wanted), wanted.Threshold, wanted.WindowMinutes ?? 0,
            wanted.Rearms, wanted.Hysteresis ?? DefaultHysteresis, Noted(wanted.Note), false, new(), Micros.Of(now), 1,
            now, now));
        if (alert.Kind == AlertKind.Drawdown)
        {
            await accounts.OpenAsync(user, alert.Symbol, cancellationToken);
        }
        else if ((await boards.ReadAsync(cancellationToken)).Find(alert.Symbol) is null
            && (await boards.ReadFreshAsync(BoardAge, cancellationToken)).Find(alert.Symbol) is null)
        {
            throw Problems.UnknownSymbol.With("There is no price of that symbol.");
        }

        if (!await store.AddAsync(alert, MaxPerUser, cancellationToken))
        {
            throw Problems.TooManyAlerts.With($"A user has {MaxPerUser} alerts at most; delete some that are done.");
        }

        await TryToTellAsync(alert, cancellationToken);
        return AlertView.Of(alert);
    }

    private static string SubjectOf(NewAlert wanted) => (wanted.Kind, wanted.Symbol, wanted.Account) switch
    {
        (AlertKind.Drawdown, null, { } account) => account,
        (AlertKind.Drawdown, _, _) => throw Problems.InvalidAlert.With("A drawdown has an account, and no symbol."),
        (_, { } symbol, null) => symbol,
        _ => throw Problems.InvalidAlert.With("An alert on a price has a symbol, and no account."),
    };

    /// <exception cref="ProblemException">unknown_alert.</exception>
    public async Task<AlertView> FindAsync(CurrentUser user, string id, CancellationToken cancellationToken) =>
        AlertView.Of((await OpenAsync(user, id, cancellationToken)).Document);

    public async Task<Page<AlertView>> ListAsync(
        CurrentUser user, string? symbol, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        List<AlertDocument> all = await store.ListAsync(user.UserId, cancellationToken);
        return new([.. all.Where(alert => symbol is null || alert.Symbol == symbol).Select(AlertView.Of)]);
    }

    /// <summary>Changes, pauses or resumes one. Unless only its note is new it is armed again, from now on.</summary>
    /// <exception cref="ProblemException">unknown_alert, invalid_alert.</exception>
    public async Task<AlertView> EditAsync(
        CurrentUser user, string id, AlertEdit edit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(edit);
        AlertDocument? after = null;
        await ChangeAsync(user, id, async before =>
        {
            after = Edited(before.Document, edit);
            return await store.ReplaceAsync(before, after, cancellationToken);
        }, cancellationToken);
        return AlertView.Of(after!);
    }

    /// <exception cref="ProblemException">unknown_alert.</exception>
    public Task DeleteAsync(CurrentUser user, string id, CancellationToken cancellationToken) =>
        ChangeAsync(user, id, before => store.DeleteAsync(before, cancellationToken), cancellationToken);

    /// <exception cref="ProblemException">unknown_alert, invalid_cursor.</exception>
    public async Task<Page<FiringView>> FiringsAsync(
        CurrentUser user, string id, PageRequest page, CancellationToken cancellationToken)
    {
        await OpenAsync(user, id, cancellationToken);
        Page<FiringDocument> found = await store.FiringsAsync(user.UserId, id, page, cancellationToken);
        return new(
            [.. found.Data.Select(one => FiringView.Of(one))],
            found.NextCursor);
    }

    /// <summary>Has whoever ingests a symbol read its alerts again.</summary>
    public Task TellAsync(string symbol, CancellationToken cancellationToken) =>
        hub.SendAsync([(symbol, TickEvents.Read(symbol))], cancellationToken);

    // Should it fail, the change feed does it later.
    private async Task TryToTellAsync(AlertDocument alert, CancellationToken cancellationToken)
    {
        if (alert.Kind == AlertKind.Drawdown)
        {
            // No tick decides it: who watches accounts looks for it every few seconds.
            return;
        }

        try
        {
            await TellAsync(alert.Symbol, cancellationToken);
        }
        catch (Exception failure) when (failure is Azure.Messaging.EventHubs.EventHubsException or TimeoutException)
        {
            LogNotTold(alert.Symbol, failure);
        }
    }

    private async Task ChangeAsync(
        CurrentUser user, string id, Func<Versioned<AlertDocument>, Task<bool>> change,
        CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            Versioned<AlertDocument> before = await OpenAsync(user, id, cancellationToken);
            if (await change(before))
            {
                await TryToTellAsync(before.Document, cancellationToken);
                return;
            }
        }

        throw Problems.Unavailable.With("The alert changes all the time. Try again shortly.");
    }

    private AlertDocument Edited(AlertDocument before, AlertEdit edit)
    {
        DateTimeOffset now = time.GetUtcNow();
        AlertDocument after = Checked(before with
        {
            Threshold = edit.Threshold ?? before.Threshold,
            WindowMinutes = edit.WindowMinutes ?? before.WindowMinutes,
            Rearms = edit.Rearms ?? before.Rearms,
            Hysteresis = edit.Hysteresis ?? before.Hysteresis,
            Note = edit.Note is null ? before.Note : Noted(edit.Note),
            IsPaused = edit.Paused ?? before.IsPaused,
        });
        bool isNoteOnly = after with { Note = before.Note } == before && edit.Paused is null;
        return (isNoteOnly
            ? after
            : after with { State = before.State with { Phase = AlertPhase.Armed }, Since = Micros.Of(now) }).Changed(now);
    }

    private async Task<Versioned<AlertDocument>> OpenAsync(
        CurrentUser user, string id, CancellationToken cancellationToken) =>
        await store.FindAsync(user.UserId, id, cancellationToken)
        ?? throw Problems.UnknownAlert.With("You have no such alert.");

    private static AlertDocument Checked(AlertDocument alert)
    {
        bool looksBack = alert.Kind is AlertKind.Rise or AlertKind.Fall;
        string? fault = looksBack && alert.WindowMinutes is < 1 or > MaxWindowMinutes ? "windowMinutes is from 1 to 10,080."
            : !looksBack && alert.WindowMinutes != 0 ? "Only rise and fall have windowMinutes."
            : alert.Threshold is <= 0 or > MaxThreshold ? "threshold is above 0 and at most 1,000,000,000."
            : !IsKept(alert.Threshold) || !IsKept(alert.Hysteresis) ? "A number has 15 digits at most."
            : alert.Rule.Fault();
        return fault is null ? alert : throw Problems.InvalidAlert.With(fault);
    }

    private static bool IsKept(decimal number) =>
        Math.Abs(number) <= MaxThreshold && (decimal)(double)number == number;

    private static string? Noted(string? note) => note?.Trim() switch
    {
        null or "" => null,
        { Length: <= MaxNote } text when !text.Any(char.IsControl) => text,
        _ => throw Problems.InvalidAlert.With($"note has {MaxNote} characters at most, in one line."),
    };

    [LoggerMessage(1403, LogLevel.Warning, "The hub was not told that alerts on {Symbol} have changed; the change feed does it.")]
    private partial void LogNotTold(string symbol, Exception failure);
}
