using System.Collections.Frozen;

namespace FinVault.Identity;

/// <summary>What can be allowed, <c>Noun.Verb</c>, and which role allows it within a tenant.</summary>
public static class Permissions
{
    public const string ProfileRead = "Profile.Read";
    public const string RedemptionInitiate = "Redemption.Initiate";
    public const string RedemptionConfirm = "Redemption.Confirm";
    public const string WalletRead = "Wallet.Read";
    public const string WalletWithdraw = "Wallet.Withdraw";
    public const string BranchManage = "Branch.Manage";
    public const string KycReview = "Kyc.Review";
    public const string GiveawayManage = "Giveaway.Manage";
    public const string AuditRead = "Audit.Read";
    public const string PortfolioRead = "Portfolio.Read";
    public const string PortfolioManage = "Portfolio.Manage";
    public const string MemberManage = "Member.Manage";

    private static readonly FrozenDictionary<string, FrozenSet<string>> Granted = new Dictionary<string, string[]>
    {
        [Roles.User] = [PortfolioRead, PortfolioManage],
        [Roles.Host] = [GiveawayManage, WalletRead, WalletWithdraw, AuditRead],
        [Roles.Merchant] =
            [RedemptionInitiate, RedemptionConfirm, WalletRead, WalletWithdraw, BranchManage, MemberManage,
             AuditRead],
        [Roles.BranchManager] = [RedemptionInitiate, RedemptionConfirm, WalletRead],
        [Roles.Cashier] = [RedemptionInitiate],
        [Roles.Admin] = [KycReview, AuditRead, MemberManage],
        [Roles.Auditor] = [AuditRead, WalletRead],
    }.ToFrozenDictionary(role => role.Key, role => role.Value.Append(ProfileRead).ToFrozenSet());

    public static IReadOnlyList<string> All { get; } = [.. Granted.Values.SelectMany(set => set).Distinct().Order()];

    public static bool Grants(string role, string permission) =>
        Granted.TryGetValue(role, out FrozenSet<string>? set) && set.Contains(permission);

    /// <summary>
    /// The roles that a role lets somebody give and take. Only administrators make administrators, and what a merchant
    /// gives is never more than what a merchant may do.
    /// </summary>
    public static IReadOnlyList<string> GrantableBy(IReadOnlySet<string> roles)
    {
        ArgumentNullException.ThrowIfNull(roles);
        return roles.Contains(Roles.Admin) ? Roles.All
            : roles.Contains(Roles.Merchant) ? [Roles.User, Roles.BranchManager, Roles.Cashier]
            : [];
    }
}
