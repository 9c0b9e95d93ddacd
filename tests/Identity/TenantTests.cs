using System.Net;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Tests.Identity;

/// <summary>Roles count where they were given, from the moment that they were given, and no further.</summary>
public sealed class TenantTests : IAsyncLifetime
{
    private IdentityApp _app = null!;
    private SessionGrant _admin = null!;
    private SessionGrant _meera = null!;

    public async Task InitializeAsync()
    {
        _app = await IdentityApp.StartAsync(new Dictionary<string, string?> { ["Identity:FirstAdmin"] = "admin@example.com" });
        _admin = await _app.NewUserAsync("admin@example.com");
        _meera = await _app.NewUserAsync("meera@example.com");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Tenant_ThatOneMakes_IsWhereOneIsAHost()
    {
        string tenant = await NewTenantAsync(_meera, "Meera's raffles", "host");
        Assert.DoesNotContain(Roles.Host, (await _app.MeAsync(_meera.AccessToken)).Roles);

        Assert.Equal(HttpStatusCode.NoContent, await SwitchAsync(_meera, tenant));
        Me there = await _app.MeAsync(_meera.AccessToken);
        Assert.Equal((tenant, true), (there.TenantId, there.Roles.Contains(Roles.Host)));
        Assert.Contains(Permissions.GiveawayManage, there.Permissions);
        Assert.Equal(tenant, (await _app.MeAsync((await _app.SignInAsync("meera@example.com")).AccessToken)).TenantId);
        Assert.Equal(HttpStatusCode.NotFound, await SwitchAsync(_admin, tenant));
    }

    [Fact]
    public async Task Tenants_MadeAtOnce_AreNeverMoreThanMayBe()
    {
        // Of those that one is in, one's own and one that was given come without a place.
        string given = Membership.OwnTenantOf(_admin.UserId);
        await SetAsync(_admin, given, _meera.UserId, Roles.Auditor);
        const int free = Tenants.MaxTenants - 2;
        Answer[] made = await _app.AtOnceAsync(free + 5, i => TryNewTenantAsync(_meera, $"Shop {i}", "merchant"));

        Assert.Equal(free, made.Count(one => one.Status == HttpStatusCode.Created));
        Assert.Equal(5, made.Count(one => one.Code == "too_many_tenants"));
        IReadOnlyList<Membership> there = await _app.Get<MembershipStore>().OfUserAsync(_meera.UserId, default);
        Assert.Equal(Tenants.MaxTenants, there.Count);
        Assert.All(made.Where(one => one.Code is null), one => Assert.Contains(there, in_ => in_.Tenant == one.Read<Membership>().Tenant));

        // Whose roles change keeps their place; whoever is put out of a tenant may make another.
        string first = made.First(one => one.Code is null).Read<Membership>().Tenant;
        await SetAsync(_admin, first, _meera.UserId, Roles.User, Roles.Cashier);
        Assert.Equal("too_many_tenants", (await TryNewTenantAsync(_meera, "More", "host")).Code);
        await SetAsync(_admin, first, _meera.UserId);
        await NewTenantAsync(_meera, "Another", "host");
        Assert.Equal("too_many_tenants", (await TryNewTenantAsync(_meera, "More", "host")).Code);
    }

    [Fact]
    public async Task Role_ThatAnAdministratorGives_CountsAtOnceAndIsTakenAtOnce()
    {
        string own = Membership.OwnTenantOf(_meera.UserId);
        Assert.Equal(HttpStatusCode.OK, (await SetAsync(_admin, own, _meera.UserId, Roles.Auditor)).Status);
        Assert.Equal([Roles.Auditor, Roles.User], (await _app.MeAsync(_meera.AccessToken)).Roles);

        await SetAsync(_admin, own, "meera@example.com");
        Assert.Equal([Roles.User], (await _app.MeAsync(_meera.AccessToken)).Roles);
    }

    [Fact]
    public async Task Merchant_GivesBranchesTheirPeopleAndNoMoreThanThat()
    {
        string shop = await NewTenantAsync(_meera, "Meera's shop", "merchant");
        await SwitchAsync(_meera, shop);
        SessionGrant cashier = await _app.NewUserAsync("cashier@example.com");

        Assert.Equal(HttpStatusCode.OK, (await SetAsync(_meera, shop, "cashier@example.com", Roles.Cashier)).Status);
        Assert.Equal("forbidden", (await SetAsync(_meera, shop, "cashier@example.com", Roles.Admin)).Code);
        Assert.Equal("forbidden", (await SetAsync(_meera, shop, _meera.UserId, Roles.User)).Code);
        Assert.Equal("unknown_tenant", (await SetAsync(_meera, Membership.OwnTenantOf(cashier.UserId), cashier.UserId, Roles.Cashier)).Code);
        Assert.Equal("unknown_user", (await SetAsync(_meera, shop, "nobody@example.com", Roles.Cashier)).Code);

        await SwitchAsync(cashier, shop);
        Assert.Equal([Roles.Cashier], (await _app.MeAsync(cashier.AccessToken)).Roles);
        Assert.Equal("forbidden", (await SetAsync(cashier, shop, cashier.UserId, Roles.BranchManager)).Code);
        Page<Membership> members = (await _app.GetAsync($"tenants/{shop}/members", _meera.AccessToken)).Read<Page<Membership>>();
        Assert.Equal(2, members.Data.Count);

        await SetAsync(_meera, shop, cashier.UserId);
        Me out_ = await _app.MeAsync(cashier.AccessToken);
        Assert.Equal((Membership.OwnTenantOf(cashier.UserId), Roles.User), (out_.TenantId, Assert.Single(out_.Roles)));
    }

    [Fact]
    public async Task RoleChange_WithoutAFreshProof_IsRefusedUntilThereIsOne()
    {
        string own = Membership.OwnTenantOf(_meera.UserId);
        _app.Clock.Jump(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.Equal("step_up_required", (await SetAsync(_admin, own, _meera.UserId, Roles.Auditor)).Code);
        Assert.Equal(
            "invalid_credentials", (await _app.PutAsync("auth/step-up", new { Password = "a wrong password" }, _admin.AccessToken)).Code);
        Assert.Equal("step_up_required", (await SetAsync(_admin, own, _meera.UserId, Roles.Auditor)).Code);

        Assert.Equal(
            HttpStatusCode.OK, (await _app.PutAsync("auth/step-up", new { IdentityApp.Password }, _admin.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SetAsync(_admin, own, _meera.UserId, Roles.Auditor)).Status);
    }

    [Theory]
    [InlineData("Emperor")]
    [InlineData("admin")]
    public async Task Role_ThatDoesNotExist_IsRefused(string role) => Assert.Equal(
        "invalid_request", (await SetAsync(_admin, Membership.OwnTenantOf(_meera.UserId), _meera.UserId, role)).Code);

    private async Task<string> NewTenantAsync(SessionGrant who, string name, string kind) =>
        (await TryNewTenantAsync(who, name, kind)).Read<Membership>().Tenant;

    private Task<Answer> TryNewTenantAsync(SessionGrant who, string name, string kind) =>
        _app.PostAsync("tenants", new { name, kind }, who.AccessToken);

    private async Task<HttpStatusCode> SwitchAsync(SessionGrant who, string tenant) =>
        (await _app.PutAsync("auth/tenant", new { TenantId = tenant }, who.AccessToken)).Status;

    private Task<Answer> SetAsync(SessionGrant who, string tenant, string member, params string[] roles) =>
        _app.PutAsync($"tenants/{tenant}/members/{member}", new { Roles = roles }, who.AccessToken);
}
