using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Audit;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Identity.Privacy;

/// <summary>Who asks gets everything that is known of them, or is forgotten, while books and chains stay whole.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    private const string Email = "canary-0@example.com";

    private static readonly string[] Planted =
    [
        Email, "CANARY-1 profile", "CANARY-2 merchant", "CANARY-3 account", "CANARY-4 branch", "CANARY-5 participant",
        "CANARY-6 file", "CANARY-7 key", "CANARY-8 bank",
        "CANARY-9 notice", "CANARY-10 portfolio",
    ];

    private AuditApp _app = null!;
    private SessionGrant _person = null!;

    private string Tenant => Membership.OwnTenantOf(_person.UserId);

    public Task InitializeAsync() => StartAsync(14);

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Export_HasWhatEverySliceKnows_AndNoSecret()
    {
        await PlantAsync();

        using HttpResponseMessage answer = await ExportAsync();
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        PersonalExportView export = JsonSerializer.Deserialize<PersonalExportView>(text, Json.Options)!;

        Assert.Equal(
            ["audit", "escrow", "giveaways", "identity", "notifications", "portfolios", "uploads"],
            export.Items.Select(item => item.Slice).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Planted, planted => Assert.Contains(planted, text, StringComparison.Ordinal));
        Assert.Contains("ledgerEntry", export.Items.Select(item => item.Kind));
        Assert.DoesNotContain("pbkdf2", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Erased_NothingIsLeftOfThemAnywhere_AndBooksAndChainsAreWhole()
    {
        await _app.DisposeAsync();
        await StartAsync(0);
        await PlantAsync();
        await _app.HistoryAsync($"profile:{_person.UserId}", 1);
        await _app.HistoryAsync($"merchant:{Tenant}:MERCHANT{Tenant[6..]}", 1);
        ErasureView asked = (await _app.App.PostAsync("me/erase", new { }, _person.AccessToken)).Read<ErasureView>();
        Assert.Equal(ErasureState.Requested, asked.State);

        await DoneAsync();

        Assert.Equal("", await LeftAsync());
        object credentials = new { email = Email, password = IdentityApp.Password };
        Assert.Equal("invalid_credentials", (await _app.App.PostAsync("auth/sign-in", credentials)).Code);
        TrialBalance balance = await _app.App.Get<LedgerBooks>().TrialBalanceAsync(default);
        Assert.All(balance.Currencies, currency => Assert.Equal(0, currency.Total));
        await _app.SealAsync();
        Assert.True((await _app.VerifyAllAsync()).Intact);
        Assert.Contains((await _app.SearchAsync($"entity=user:{_person.UserId}")).Data, line => line.Name == "identity.erased");
        await _app.App.RegisterAsync(Email);
        string token = IdentityApp.TokenIn(await _app.App.MailAsync(Email, "Confirm your e-mail address", 2));
        Answer anew = await _app.App.PostAsync("auth/verify", new { token, IdentityApp.Password });
        Assert.NotEqual(_person.UserId, anew.Read<SignInAnswer>().Session!.UserId);
    }

    [Fact]
    public async Task Erasure_ThatIsCalledOff_LeavesEverything()
    {
        ErasureView asked = (await _app.App.PostAsync("me/erase", new { }, _person.AccessToken)).Read<ErasureView>();
        Assert.Equal(asked.RequestedAt.AddDays(14), asked.DueAt);
        Assert.NotNull(await _app.App.SignInAsync(Email));
        Assert.Equal(HttpStatusCode.NoContent, (await _app.App.DeleteAsync("me/erase", _person.AccessToken)).Status);
        Assert.Equal("unknown_erasure", (await _app.App.DeleteAsync("me/erase", _person.AccessToken)).Code);

        // As its orchestration would, when the time has come.
        Assert.False(await _app.App.Get<Erasure>().BeginAsync(new(_person.UserId, 1, asked.DueAt), default));
        Assert.NotNull(await _app.App.SignInAsync(Email));
    }

    [Fact]
    public async Task Erasure_OfWhoHasMoney_IsRefusedByName()
    {
        await FundAsync(500);

        Answer refused = await _app.App.PostAsync("me/erase", new { }, _person.AccessToken);

        Assert.Equal("erasure_not_possible", refused.Code);
        Assert.Contains("INR", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryStep_CanBeMadeAgain()
    {
        await PlantAsync();
        Person person = await _app.App.Get<Persons>().ReadAsync(_person.UserId, default);
        foreach (IPersonalData slice in _app.App.Get<IEnumerable<IPersonalData>>())
        {
            await slice.EraseAsync(person, default);
            await slice.EraseAsync(person, default);
        }
    }

    private async Task StartAsync(int graceDays)
    {
        _app = await AuditApp.StartAsync(graceDays);
        _person = await _app.App.NewUserAsync(Email);
    }

    private Task DoneAsync() => Eventually.TrueAsync(
        async () =>
        {
            _app.App.Clock.Advance(TimeSpan.FromMilliseconds(300));
            return (string?)(await _app.ReadAsync(Containers.Identity, _person.UserId, "erasure"))["state"] == "done";
        },
        "the erasure is done");

    private async Task<HttpResponseMessage> ExportAsync()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "api/v1/me/export");
        request.Headers.Authorization = new("Bearer", _person.AccessToken);
        return await _app.App.App.Client.SendAsync(request);
    }

    private async Task FundAsync(long amount)
    {
        FinVault.Escrow.Ledger ledger = _app.App.Get<FinVault.Escrow.Ledger>();
        string provider = LedgerAccount.PlatformId(AccountKind.Provider, "INR");
        await ledger.OpenAccountAsync(provider, AccountKind.Provider, "INR", default);
        await _app.App.Get<Wallets>().OpenAccountAsync(Tenant, "INR", default);
        await ledger.TransferAsync(new("IN-1", provider, Wallets.AccountOf(Tenant, "INR"), 500, "INR"), default);
        if (amount == 0)
        {
            await ledger.TransferAsync(new("OUT-1", Wallets.AccountOf(Tenant, "INR"), provider, 500, "INR"), default);
        }
    }

    /// <summary>Something of the person in every slice, as the slices store it.</summary>
    private async Task PlantAsync()
    {
        await FundAsync(0);
        await _app.RenameAsync(_person, Planted[1]);
        object key = new { name = Planted[7], scopes = new[] { Permissions.ProfileRead }, days = 1 };
        await _app.App.PostAsync("auth/api-keys", key, _person.AccessToken);
        string merchant = $"MERCHANT{Tenant[6..]}";
        await WriteAsync(Containers.Escrow, Tenant, new
        {
            Id = merchant,
            Tenant,
            Type = "merchant",
            Profile = new { Name = Planted[2], LegalName = Planted[2], Email, BankAccount = Planted[3] },
            Kyc = "rejected",
            KycReason = Planted[2],
        });
        await WriteAsync(
            Containers.Escrow, Tenant,
            new { Id = "BRANCH_1", Tenant, Type = "branch", Name = Planted[4], Address = Planted[4], State = "open" });
        await WriteAsync(
            Containers.Escrow, Tenant,
            new { Id = "WITHDRAWAL_1", Tenant, Type = "withdrawal", BankAccount = Planted[8], State = "completed" });
        await WriteAsync(
            Containers.Escrow, "TENANT_OTHER",
            new { Id = "ESCROW_1", Tenant = "TENANT_OTHER", Type = "escrow", Holder = new { ParticipantId = "P", Contact = Email } });
        await PlantParticipantAsync();
        await WriteAsync(
            Containers.Notifications, _person.UserId,
            new { Id = "NOTICE_1", User = _person.UserId, Type = "notice", Title = Planted[9], At = "2026-01-01T00:00:00Z" });
        await WriteAsync(
            Containers.Portfolios, "PACC_1",
            new { Id = "account", Account = "PACC_1", Type = "account", Data = new { Owner = _person.UserId, Name = Planted[10] } });
        string owner = $"owner:{Tenant}:{_person.UserId}";
        await WriteAsync(Containers.Portfolios, owner, new { Id = "PACC_1", Account = owner, Type = "owned" });
        await WriteAsync(
            Containers.Idempotency, $"{Tenant}:PutProfile", new { Id = "1", Scope = $"{Tenant}:PutProfile", Answer = Planted[1] });
        await WriteAsync(Containers.Jobs, "JOB_1", new { Id = "JOB_1", Owner = _person.UserId, Type = "past", Input = Email });
        await WriteAsync(Containers.Uploads, _person.UserId, new
        {
            Id = "UPLOAD_1",
            Owner = _person.UserId,
            Tenant,
            Kind = "profilePicture",
            EntityId = Planted[6],
            ContentType = "image/png",
            Bytes = 1,
            Sha256 = "00",
            State = "confirmed",
            CreatedAt = "2026-01-01T00:00:00Z",
            ExpiresAt = "2026-01-01T00:00:00Z",
            DueAt = (string?)null,
        });
    }

    private async Task PlantParticipantAsync()
    {
        const string giveaway = "EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAV";
        const string id = "PARTICIPANT_01ARZ3NDEKTSV4RRFFQ69G5FAV";
        await WriteAsync(Containers.Giveaways, giveaway, new
        {
            Id = id,
            Giveaway = giveaway,
            Type = "participant",
            Name = Planted[5],
            Contact = Email,
            ContactId = "CONTACT-1",
            TokenHash = "CANARY token",
            At = "2026-01-01T00:00:00Z",
            Bucket = "2026-01-01T00:00:00Z",
        });
        await WriteAsync(
            Containers.Giveaways, giveaway,
            new { Id = "WINNER-1", Giveaway = giveaway, Type = "winner", Participant = id, Name = Planted[5] });
        await WriteAsync(
            Containers.Giveaways, giveaway,
            new { Id = "completion:1", Giveaway = giveaway, Type = "completion", Participant = id, Handle = "canary_handle" });
    }

    private Task WriteAsync(string container, string partition, object document) =>
        _app.WriteAsync(container, partition, (JsonObject)JsonSerializer.SerializeToNode(document, Json.Options)!);

    private async Task<string> LeftAsync()
    {
        List<string> left = [];
        foreach (ContainerDefinition container in Containers.All)
        {
            string text = await _app.TextAsync(container.Name);
            int at = text.IndexOf("canary", StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                left.Add($"{container.Name}: {text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 100)]}");
            }
        }

        return string.Join('\n', left);
    }
}
