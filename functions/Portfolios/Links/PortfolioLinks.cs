using FinVault.Audit;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// Read-only links to portfolios. A token has 256 random bits, is shown once, and only its hash is kept; a link ends at its
/// time or when its owner ends it, at once. A token that is wrong, over or ended is one and the same: unknown.
/// </summary>
public sealed class PortfolioLinks(
    AccountWork work, PortfolioStore accounts, LinkStore store, SharedPortfolios shared, AuditTrail trail, TimeProvider time)
{
    public const string Prefix = "LINK";
    public const string TokenPrefix = "fvl_";
    public const int MaxPerUser = 20;

    private const int MaxDays = 365;
    private const int MaxTokenLength = 64;

    /// <exception cref="ProblemException">invalid_link, unknown_portfolio, too_many_links.</exception>
    public async Task<MadeLink> MakeAsync(CurrentUser user, NewLink wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(wanted);
        string name = wanted.Name.Trim();
        if (name.Length is 0 or > PortfolioAccount.MaxName || name.Any(char.IsControl) || wanted.Days is < 1 or > MaxDays)
        {
            throw Problems.InvalidLink.With(
                $"name has 1 to {PortfolioAccount.MaxName} characters, and days are 1 to {MaxDays}.");
        }

        IReadOnlyList<string> chosen = await AccountsAsync(user, wanted.Accounts, cancellationToken);
        string token = TokenPrefix + Guard.Random();
        DateTimeOffset now = time.GetUtcNow();
        PortfolioLink link = new(Ids.New(Prefix, now), name, wanted.Shows, chosen, now, now.AddDays(wanted.Days));
        LinkDocument made = new(
            OwnedAccountDocument.PartitionOf(user.TenantId, user.UserId), link.Id, user.TenantId, user.UserId,
            Guard.Hash(token), link, (int)TimeSpan.FromDays(wanted.Days).TotalSeconds);
        if (!await store.AddAsync(made, MaxPerUser, cancellationToken))
        {
            throw Problems.TooManyLinks.With($"A user has {MaxPerUser} links at most; end one first.");
        }

        await trail.RecordAsync(new("user", user.UserId, "portfolio.shared", user.TenantId), cancellationToken);
        return new(token, link);
    }

    /// <summary>Those that are not over, newest first.</summary>
    public async Task<IReadOnlyList<PortfolioLink>> ListAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<LinkDocument> all = await store.ListAsync(user.TenantId, user.UserId, cancellationToken);
        return [.. all.Select(one => one.Link).Where(link => link.ExpiresAt > now)];
    }

    /// <exception cref="ProblemException">unknown_link.</exception>
    public async Task EndAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (!Ids.IsValid(id, Prefix) || !await store.DeleteAsync(user.TenantId, user.UserId, id, cancellationToken))
        {
            throw Problems.UnknownLink.With("You have no such link.");
        }

        await trail.RecordAsync(new("user", user.UserId, "portfolio.unshared", user.TenantId), cancellationToken);
    }

    /// <summary>What whoever has a token sees.</summary>
    /// <exception cref="ProblemException">unknown_link.</exception>
    public async Task<SharedPortfolio> ReadAsync(string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        bool isToken = token.StartsWith(TokenPrefix, StringComparison.Ordinal) && token.Length <= MaxTokenLength;
        LinkDocument? link = isToken ? await store.FindAsync(Guard.Hash(token), cancellationToken) : null;
        return link is not null && link.Link.ExpiresAt > time.GetUtcNow()
            ? await shared.ReadAsync(link, cancellationToken)
            : throw Problems.UnknownLink.With("There is no such link, or it is over.");
    }

    private async Task<IReadOnlyList<string>> AccountsAsync(
        CurrentUser user, IReadOnlyList<string>? wanted, CancellationToken cancellationToken)
    {
        if (wanted is null)
        {
            IReadOnlyList<string> all = await accounts.AccountsOfAsync(user.TenantId, user.UserId, cancellationToken);
            return all.Count > 0 ? all : throw Problems.InvalidLink.With("You have no account yet.");
        }

        string[] chosen = [.. wanted.Distinct(StringComparer.Ordinal)];
        if (chosen.Length is 0 or > PortfolioAccount.MaxPerOwner)
        {
            throw Problems.InvalidLink.With($"accounts are 1 to {PortfolioAccount.MaxPerOwner}.");
        }

        foreach (string account in chosen)
        {
            await work.OpenAsync(user, account, cancellationToken);
        }

        return chosen;
    }
}
