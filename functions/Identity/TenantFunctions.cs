using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Identity;

/// <summary>Tenants and the roles in them.</summary>
public sealed class TenantFunctions(Tenants tenants)
{
    private const int MaxBodyBytes = 4096;
    private const int MaxNameLength = 100;

    [Function(nameof(CreateTenant))]
    [Access(Roles.User)]
    [Api("Make a tenant", Description = "You get its role, host or merchant. Go to work there by `PUT auth/tenant`.")]
    [Body(typeof(NewTenant))]
    [Answers(StatusCodes.Status201Created, typeof(Membership), "Yours.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.TooManyTenants))]
    public async Task<IActionResult> CreateTenant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants")] HttpRequest request, FunctionContext context)
    {
        NewTenant sent = await request.ReadJsonAsync<NewTenant>(MaxBodyBytes, context.CancellationToken);
        string name = sent.Name.Trim();
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
        {
            throw Problems.InvalidRequest.With($"name has 1 to {MaxNameLength} characters.");
        }

        Membership made = await tenants.CreateAsync(
            CurrentUser.Of(context).UserId, name, sent.Kind, context.CancellationToken);
        return new JsonAnswer(made, StatusCodes.Status201Created);
    }

    [Function(nameof(SwitchTenant))]
    [Access]
    [Api("Go to work in another tenant", Description = "Of yours; for this session. Tokens stay as they are.")]
    [Body(typeof(TenantChoice))]
    [Answers(StatusCodes.Status204NoContent, null, "The next call is there.")]
    [Fails(nameof(Problems.UnknownTenant))]
    public async Task<IActionResult> SwitchTenant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "auth/tenant")] HttpRequest request,
        FunctionContext context)
    {
        TenantChoice sent = await request.ReadJsonAsync<TenantChoice>(MaxBodyBytes, context.CancellationToken);
        await tenants.SwitchAsync(CurrentUser.Of(context), sent.TenantId, context.CancellationToken);
        return new NoContentResult();
    }

    [Function(nameof(ListMembers))]
    [Access(Permission = Permissions.MemberManage)]
    [Api("Who is in a tenant", Description = "Administrators may ask of any, merchants of the one they are in.")]
    [Parameter("tenant", typeof(string), "The tenant.")]
    [Answers(StatusCodes.Status200OK, typeof(Page<Membership>), "Its members.")]
    [Fails(nameof(Problems.UnknownTenant))]
    public async Task<IActionResult> ListMembers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tenants/{tenant}/members")] HttpRequest request,
        string tenant, FunctionContext context) => new JsonAnswer(new Page<Membership>(
            await tenants.MembersAsync(CurrentUser.Of(context), tenant, context.CancellationToken)));

    [Function(nameof(SetMemberRoles))]
    [Access(Permission = Permissions.MemberManage)]
    [StepUp]
    [Api("Give and take roles", Description = "Exactly the roles named; none takes the user out of the tenant. Counts at "
        + "once here and within seconds elsewhere. Merchants give User, BranchManager and Cashier in their own tenant.")]
    [Parameter("tenant", typeof(string), "The tenant.")]
    [Parameter("member", typeof(string), "A user's id or e-mail address.")]
    [Body(typeof(RoleChange))]
    [Answers(StatusCodes.Status200OK, typeof(Membership), "As it is now.")]
    [Fails(nameof(Problems.UnknownTenant), nameof(Problems.UnknownUser), nameof(Problems.Forbidden),
        nameof(Problems.InvalidRequest), nameof(Problems.StepUpRequired))]
    public async Task<IActionResult> SetMemberRoles(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "tenants/{tenant}/members/{member}")] HttpRequest request,
        string tenant, string member, FunctionContext context)
    {
        RoleChange sent = await request.ReadJsonAsync<RoleChange>(MaxBodyBytes, context.CancellationToken);
        if (sent.Roles.Except(Roles.All).Any())
        {
            throw Problems.InvalidRequest.With($"roles are of {string.Join(", ", Roles.All)}.");
        }

        return new JsonAnswer(await tenants.SetRolesAsync(
            CurrentUser.Of(context), tenant, member, sent.Roles, context.CancellationToken));
    }
}

public sealed record NewTenant(string Name, TenantKind Kind);

public sealed record TenantChoice(string TenantId);

public sealed record RoleChange(IReadOnlyList<string> Roles);
