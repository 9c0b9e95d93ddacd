using FinVault.Audit;
using FinVault.Identity;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>Whether cards are redeemed at a branch.</summary>
public enum BranchState
{
    Open,
    Closed,
}

/// <summary>Somebody who works at a branch.</summary>
/// <param name="UserId"><c>USER_&lt;ULID&gt;</c>.</param>
/// <param name="Role">Cashier or BranchManager; at this branch they have its permissions and no others.</param>
public sealed record BranchStaff(string UserId, string Role);

/// <summary>What there is to say of a branch.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Address">Up to 300 characters.</param>
/// <param name="Staff">Up to 100; all of them, as they are to be.</param>
public sealed record BranchDetails(string Name, string Address, IReadOnlyList<BranchStaff> Staff);

/// <summary>A branch of a merchant, in its partition.</summary>
/// <param name="Id"><c>BRANCH_&lt;ULID&gt;</c>.</param>
/// <param name="Tenant">The merchant's.</param>
/// <param name="Name">As customers know it.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Staff">Who works there.</param>
/// <param name="State">Whether cards are redeemed there.</param>
/// <param name="At">Since when.</param>
[Audited("branch", Containers.Escrow, Subject = "tenant")]
public sealed record Branch(
    string Id, string Tenant, string Name, string Address, IReadOnlyList<BranchStaff> Staff, BranchState State,
    DateTimeOffset At)
{
    public string Type { get; init; } = "branch";

    /// <summary>
    /// Whether somebody may do something here: a merchant at all of its branches, its staff where they work and by
    /// what they are there.
    /// </summary>
    internal bool Allows(CurrentUser user, string permission) =>
        (user.Has(Roles.Merchant) && Permissions.Grants(Roles.Merchant, permission))
        || Staff.Any(one => one.UserId == user.UserId && user.Has(one.Role) && Permissions.Grants(one.Role, permission));
}

/// <summary>The branches of merchants (ESC-16).</summary>
public sealed class Branches(EscrowDocuments documents, TimeProvider time)
{
    private const int MaxStaff = 100;
    private const int MaxName = 100;
    private const int MaxAddress = 300;

    public async Task<Branch?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        Ids.IsValid(id, "BRANCH")
            ? await documents.FindAsync<Branch>(tenant, id, cancellationToken)
            : null;

    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public Task<Page<Branch>> ListAsync(string tenant, PageRequest page, CancellationToken cancellationToken) =>
        documents.PageAsync<Branch>(
            tenant, $"branches:{tenant}", "c.type = 'branch'", page, row => row.Id, cancellationToken);

    /// <exception cref="ProblemException">invalid_request.</exception>
    public async Task<Branch> AddAsync(string tenant, BranchDetails details, CancellationToken cancellationToken)
    {
        Check(details);
        Branch branch = new(
            Ids.New("BRANCH", time), tenant, details.Name, details.Address, details.Staff, BranchState.Open,
            time.GetUtcNow());
        await documents.CreateAsync(tenant, branch, cancellationToken);
        return branch;
    }

    /// <exception cref="ProblemException">invalid_request, not_found.</exception>
    public async Task<Branch> ChangeAsync(
        string tenant, string id, BranchDetails details, CancellationToken cancellationToken)
    {
        Check(details);
        return await PatchAsync(
            tenant, id, cancellationToken, PatchOperation.Set("/name", details.Name),
            PatchOperation.Set("/address", details.Address), PatchOperation.Set("/staff", details.Staff));
    }

    /// <summary>No card is redeemed there any more.</summary>
    /// <exception cref="ProblemException">not_found.</exception>
    public Task CloseAsync(string tenant, string id, CancellationToken cancellationToken) =>
        PatchAsync(tenant, id, cancellationToken, PatchOperation.Set("/state", "closed"));

    private async Task<Branch> PatchAsync(
        string tenant, string id, CancellationToken cancellationToken, params PatchOperation[] change)
    {
        bool there = Ids.IsValid(id, "BRANCH") && await documents.PatchAsync(
            tenant, id, null, cancellationToken, [.. change, ChangeStamp.Patch("branch")]);
        return there
            ? (await FindAsync(tenant, id, cancellationToken))!
            : throw Problems.NotFound.With($"There is no branch {id}.");
    }

    private static void Check(BranchDetails details)
    {
        ArgumentNullException.ThrowIfNull(details);
        bool staffed = details.Staff.Count <= MaxStaff && details.Staff.All(one =>
            Ids.IsValid(one.UserId, "USER") && one.Role is Roles.Cashier or Roles.BranchManager);
        bool named = details.Name.Trim().Length is > 0 and <= MaxName && details.Address.Length <= MaxAddress
            && !details.Name.Any(char.IsControl);
        if (!staffed || !named)
        {
            throw Problems.InvalidRequest.With(
                $"name has 1 to {MaxName} characters, address up to {MaxAddress}; each of up to {MaxStaff} staff is a user and "
                + "Cashier or BranchManager.");
        }
    }
}
