using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>Users' accounts: opened, changed, and built anew from their transactions.</summary>
public sealed class Accounts(AccountWork work, PortfolioStore store, TimeProvider time)
{
    /// <exception cref="ProblemException">invalid_request, invalid_currency, too_many_portfolios.</exception>
    public async Task<PortfolioAccount> OpenAsync(
        CurrentUser user, NewPortfolio wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(wanted);
        if (!Currencies.Exists(wanted.Currency))
        {
            throw Problems.InvalidCurrency.With("currency is no code of ISO 4217, in capitals.");
        }

        PortfolioAccount account = new(
            Ids.New(PortfolioAccount.Prefix, time), user.UserId, user.TenantId, Named(wanted.Name), wanted.Currency,
            wanted.LotMethod, wanted.TracksCash, time.GetUtcNow())
        {
            ShortSelling = wanted.ShortSelling,
        };
        await store.AddAccountAsync(account, cancellationToken);
        return account;
    }

    /// <exception cref="ProblemException">unknown_portfolio, invalid_request, transaction_refused.</exception>
    public async Task<PortfolioAccount> ChangeAsync(
        CurrentUser user, string account, PortfolioSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string? name = settings.Name is null ? null : Named(settings.Name);
        PortfolioAccount after = (await work.OpenAsync(user, account, cancellationToken)).Document.Data;
        await work.ChangeAsync(account, async now =>
        {
            PortfolioAccount before = now.Document.Data;
            after = before with
            {
                Name = name ?? before.Name,
                LotMethod = settings.LotMethod ?? before.LotMethod,
                TracksCash = settings.TracksCash ?? before.TracksCash,
                ShortSelling = settings.ShortSelling ?? before.ShortSelling,
            };
            AccountDocument changed = now.Document with { Data = after };
            // What is held rests on both of them, and must be able to stand with what they are now.
            return LotRules.Of(after) == LotRules.Of(before)
                ? new(now, changed)
                : await AnewAsync(now, changed, null, cancellationToken);
        }, cancellationToken);
        return after;
    }

    /// <summary>Builds the holdings anew from the transactions, and says what was not as they say.</summary>
    /// <exception cref="ProblemException">unknown_portfolio, transaction_refused.</exception>
    public async Task<RebuildReport> RebuildAsync(CurrentUser user, string account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (!user.Has(Roles.Admin))
        {
            await work.OpenAsync(user, account, cancellationToken);
        }
        else if (!Ids.IsValid(account, PortfolioAccount.Prefix))
        {
            throw AccountWork.Unknown();
        }

        RebuildReport? report = null;
        await work.ChangeAsync(
            account, async now => await AnewAsync(now, now.Document, found => report = found, cancellationToken),
            cancellationToken);
        return report!;
    }

    private async Task<AccountChange> AnewAsync(
        Versioned<AccountDocument> now, AccountDocument after, Action<RebuildReport>? tell,
        CancellationToken cancellationToken)
    {
        List<PortfolioTransaction> all = await store.TransactionsAsync(after.Account, null, cancellationToken);
        Booked booked = Bookkeeping.Rebuild(after, all);
        if (booked.Refusal is { } refusal)
        {
            throw Booked.Refuse(refusal);
        }

        if (tell is not null)
        {
            IReadOnlyList<HoldingDocument> held = await store.HoldingsAsync(after.Account, cancellationToken);
            tell(new(
                all.Count, booked.Holdings.Count,
                [.. Differences(held, booked.Holdings), .. Differences(after.Cash, booked.Cash)]));
        }

        return new(now, after with { Cash = booked.Cash }) { Holdings = booked.Holdings, ReplacesAll = true };
    }

    // A position that everything was taken back of is the same as none.
    private static IEnumerable<string> Differences(
        IReadOnlyList<HoldingDocument> held, IReadOnlyList<HoldingDocument> told)
    {
        Dictionary<string, string> one = Texts(held);
        Dictionary<string, string> other = Texts(told);
        return one.Keys.Union(other.Keys).Where(symbol =>
            one.GetValueOrDefault(symbol) != other.GetValueOrDefault(symbol)).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Differences(
        IReadOnlyDictionary<string, long> held, IReadOnlyDictionary<string, long> told) =>
        held.Keys.Union(told.Keys).Where(currency =>
            held.GetValueOrDefault(currency) != told.GetValueOrDefault(currency)).Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Texts(IEnumerable<HoldingDocument> holdings) => holdings
        .Where(h => h.Position.LastAt is not null)
        .ToDictionary(
            h => h.Position.Symbol, h => JsonSerializer.Serialize(Plain(h.Position), Json.Options), StringComparer.Ordinal);

    // A store may give 5.0 back as 5.
    private static Position Plain(Position position) => position with
    {
        Lots = [.. position.Lots.Select(lot => lot with { Quantity = ExactNumbers.Trim(lot.Quantity) })],
    };

    private static string Named(string name) =>
        name.Trim() is { Length: > 0 and <= PortfolioAccount.MaxName } trimmed && !trimmed.Any(char.IsControl)
            ? trimmed
            : throw Problems.InvalidRequest.With($"name has 1 to {PortfolioAccount.MaxName} characters.");
}
