using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Audit;

namespace FinVault.Tests.Identity.Privacy;

/// <summary>A person of whom every slice keeps something, by words that are easily found.</summary>
internal sealed class PlantedPerson(AuditApp app, SessionGrant person)
{
    public const string Email = "canary-0@example.com";

    public static IReadOnlyList<string> Planted { get; } =
    [
        Email, "CANARY-1 profile", "CANARY-2 merchant", "CANARY-3 account", "CANARY-4 branch", "CANARY-5 participant",
        "CANARY-6 file", "CANARY-7 key", "CANARY-8 bank", "CANARY-9 notice", "CANARY-10 portfolio",
    ];

    private string Tenant => Membership.OwnTenantOf(person.UserId);

    /// <summary>Money of theirs; with 0, some that has come and gone.</summary>
    public async Task FundAsync(long amount)
    {
        FinVault.Escrow.Ledger ledger = app.App.Get<FinVault.Escrow.Ledger>();
        string provider = LedgerAccount.PlatformId(AccountKind.Provider, "INR");
        await ledger.OpenAccountAsync(provider, AccountKind.Provider, "INR", default);
        await app.App.Get<Wallets>().OpenAccountAsync(Tenant, "INR", default);
        await ledger.TransferAsync(new("IN-1", provider, Wallets.AccountOf(Tenant, "INR"), 500, "INR"), default);
        if (amount == 0)
        {
            await ledger.TransferAsync(new("OUT-1", Wallets.AccountOf(Tenant, "INR"), provider, 500, "INR"), default);
        }
    }

    /// <summary>Something of the person in every slice, as the slices store it.</summary>
    public async Task PlantAsync()
    {
        await FundAsync(0);
        await app.RenameAsync(person, Planted[1]);
        object key = new { name = Planted[7], scopes = new[] { Permissions.ProfileRead }, days = 1 };
        await app.App.PostAsync("auth/api-keys", key, person.AccessToken);
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
            Containers.Notifications, person.UserId,
            new { Id = "NOTICE_1", User = person.UserId, Type = "notice", Title = Planted[9], At = "2026-01-01T00:00:00Z" });
        await WriteAsync(
            Containers.Portfolios, "PACC_1",
            new { Id = "account", Account = "PACC_1", Type = "account", Data = new { Owner = person.UserId, Name = Planted[10] } });
        string owner = $"owner:{Tenant}:{person.UserId}";
        await WriteAsync(Containers.Portfolios, owner, new { Id = "PACC_1", Account = owner, Type = "owned" });
        await WriteAsync(
            Containers.Idempotency, $"{Tenant}:PutProfile", new { Id = "1", Scope = $"{Tenant}:PutProfile", Answer = Planted[1] });
        await WriteAsync(Containers.Jobs, "JOB_1", new { Id = "JOB_1", Owner = person.UserId, Type = "past", Input = Email });
        await WriteAsync(Containers.Uploads, person.UserId, new
        {
            Id = "UPLOAD_1",
            Owner = person.UserId,
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
        app.WriteAsync(container, partition, (JsonObject)JsonSerializer.SerializeToNode(document, Json.Options)!);

    /// <summary>What there is of a planted person, in any container; empty when there is nothing.</summary>
    public static async Task<string> LeftAsync(AuditApp app)
    {
        List<string> left = [];
        foreach (ContainerDefinition container in Containers.All)
        {
            string text = await app.TextAsync(container.Name);
            int at = text.IndexOf("canary", StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                left.Add($"{container.Name}: {text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 100)]}");
            }
        }

        return string.Join('\n', left);
    }
}
