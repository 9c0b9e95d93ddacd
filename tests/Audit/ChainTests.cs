using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Audit;

/// <summary>Who has the database can change a chain, but not so that nobody sees it.</summary>
public sealed class ChainTests(SharedAuditApp shared) : IClassFixture<SharedAuditApp>, IAsyncLifetime
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    private string Entity => $"test:{_id}";

    public Task InitializeAsync() => shared.App.GrowAsync(_id, 4);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("actor", "USER_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("at", "2020-01-01T00:00:00Z")]
    [InlineData("content", "AAAA")]
    [InlineData("tenant", "TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("hash", "00")]
    public async Task Line_ThatIsAltered_IsTheFirstBrokenLink(string field, string value)
    {
        await shared.App.ForgeAsync(Entity, "V0000000002", line => line[field] = value);

        await AssertBrokenAsync(2);
    }

    [Fact]
    public async Task Line_ThatIsAlteredWithItsHash_BreaksTheNext()
    {
        await shared.App.ForgeAsync(Entity, "V0000000002", line =>
        {
            AuditRecord forged = JsonSerializer.Deserialize<AuditRecord>(line, Json.Options)!;
            line["actor"] = "USER_OTHER";
            line["hash"] = (forged with { Actor = "USER_OTHER" }).ComputeHash();
        });

        await AssertBrokenAsync(3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Line_ThatIsRemoved_IsMissed(int version)
    {
        await shared.App.Trail.DeleteItemStreamAsync(AuditRecord.IdOf(version), new PartitionKey(Entity));

        await AssertBrokenAsync(version);
    }

    [Fact]
    public async Task Lines_ThatChangePlaces_AreSeen()
    {
        JsonObject second = await shared.App.ReadAsync(Containers.Audit, Entity, "V0000000002");
        JsonObject third = await shared.App.ReadAsync(Containers.Audit, Entity, "V0000000003");
        (second["id"], third["id"]) = ("V0000000003", "V0000000002");
        await shared.App.WriteAsync(Containers.Audit, Entity, second);
        await shared.App.WriteAsync(Containers.Audit, Entity, third);

        await AssertBrokenAsync(2);
    }

    [Fact]
    public async Task Chain_ThatNobodyTouched_IsIntact() =>
        Assert.Equal(new AuditCheck(true, 1, 4, 0, null), await shared.App.VerifyAsync(Entity));

    private async Task AssertBrokenAsync(long version)
    {
        AuditCheck check = await shared.App.VerifyAsync(Entity);
        Assert.Equal((false, Entity, version), (check.Intact, check.FirstBroken?.Entity, check.FirstBroken?.Version));
    }
}

/// <summary>One app for tests that each look at an entity of their own.</summary>
public sealed class SharedAuditApp : IAsyncLifetime
{
    internal AuditApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await AuditApp.StartAsync();

    public async Task DisposeAsync() => await App.DisposeAsync();
}
