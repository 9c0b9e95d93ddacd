using Microsoft.Azure.Functions.Worker;

namespace FinVault.Identity;

/// <summary>Who is calling: a verified user, in one tenant.</summary>
/// <param name="UserId"><c>USER_&lt;ULID&gt;</c>.</param>
/// <param name="TenantId"><c>TENANT_&lt;ULID&gt;</c>; what is another tenant's does not exist for the caller.</param>
/// <param name="Roles">Of <see cref="Identity.Roles"/>, within the tenant.</param>
public sealed record CurrentUser(string UserId, string TenantId, IReadOnlySet<string> Roles)
{
    private const string Item = "FinVault.CurrentUser";

    /// <summary>The session that the call belongs to; null for an API key.</summary>
    public string? SessionId { get; init; }

    /// <summary>When the user last proved who they are; null for an API key, which never does.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>What an API key may do; null for people, whose roles say it all.</summary>
    public IReadOnlySet<string>? Scopes { get; init; }

    /// <summary>Whether a second factor was shown in the session.</summary>
    public bool HasShownCode { get; init; }

    /// <summary>Whether the caller would be an operator, had a second factor been shown.</summary>
    public bool NeedsCodeToOperate { get; private init; }

    /// <summary>The same without the roles that see and change what is everybody's.</summary>
    internal CurrentUser WithoutOperating() => this with
    {
        Roles = Roles.Where(role => role is not (Identity.Roles.Admin or Identity.Roles.Auditor)).ToHashSet(),
        NeedsCodeToOperate = Roles.Contains(Identity.Roles.Admin) || Roles.Contains(Identity.Roles.Auditor),
    };

    public bool Has(string role) => Roles.Contains(role);

    /// <summary>The caller of this invocation. Only in functions that ask for one (<see cref="AccessAttribute"/>).</summary>
    /// <exception cref="InvalidOperationException">The function is public.</exception>
    public static CurrentUser Of(FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.TryGetValue(Item, out object? user)
            ? (CurrentUser)user
            : throw new InvalidOperationException($"{context.FunctionDefinition.Name} is public: nobody has signed in.");
    }

    /// <summary>The caller, or null where the function is public.</summary>
    internal static CurrentUser? Find(FunctionContext context) =>
        context.Items.TryGetValue(Item, out object? user) ? (CurrentUser)user : null;

    internal void SetOn(FunctionContext context) => context.Items[Item] = this;
}

/// <summary>The roles that a user can have within a tenant.</summary>
public static class Roles
{
    public const string User = "User";
    public const string Host = "Host";
    public const string Merchant = "Merchant";
    public const string BranchManager = "BranchManager";
    public const string Cashier = "Cashier";
    public const string Admin = "Admin";
    public const string Auditor = "Auditor";

    public static IReadOnlyList<string> All { get; } =
        [User, Host, Merchant, BranchManager, Cashier, Admin, Auditor];
}
