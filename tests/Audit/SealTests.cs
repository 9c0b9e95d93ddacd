using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Audit;

/// <summary>What was sealed cannot be taken out as a whole without being missed.</summary>
public sealed class SealTests : IAsyncLifetime
{
    private const string Entity = "test:one";

    private AuditApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await AuditApp.StartAsync();
        await _app.GrowAsync("one", 4);
        await _app.SealAsync();
        AuditCheck all = await _app.VerifyAllAsync();
        Assert.True(all is { Intact: true, Seals: > 0 }, $"{all}");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Chain_ThatIsRemovedAsAWhole_IsMissedByTheSeals()
    {
        foreach (string id in Enumerable.Range(1, 4).Select(n => AuditRecord.IdOf(n)).Append(AuditHead.DocumentId))
        {
            await _app.Trail.DeleteItemStreamAsync(id, new PartitionKey(Entity));
        }

        AuditCheck check = await _app.VerifyAllAsync();

        Assert.False(check.Intact);
        Assert.Equal((Entity, 4), (check.FirstBroken!.Entity, check.FirstBroken.Version));
    }

    [Fact]
    public async Task Seal_ThatIsRemoved_IsMissed()
    {
        await _app.GrowAsync("one", 1);
        await _app.SealAsync();
        await _app.Trail.DeleteItemStreamAsync(AuditSeal.IdOf(1), new PartitionKey(AuditSeal.Chain));

        AuditCheck check = await _app.VerifyAllAsync();

        Assert.Equal(new BrokenLink("seal", 1, "A seal is missing."), check.FirstBroken);
    }

    [Fact]
    public async Task Head_ThatHasNotGrown_IsSealedOnce()
    {
        await _app.SealAsync();
        await _app.SealAsync();

        string seals = await _app.TextAsync(Containers.Audit);
        Assert.Equal(2, seals.Split($"\"entity\":\"{Entity}\",\"version\":4,\"hash\"").Length);
    }
}
