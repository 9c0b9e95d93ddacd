using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Local.Cosmos;

public sealed class PatchTests : CosmosTest
{
    private static readonly PartitionKey P = new("p");

    [Fact]
    public async Task Patch_WhenAllOperationsAreUsed_ChangesEachValue()
    {
        await Items.CreateItemAsync(new
        {
            id = "a", pk = "p", remaining = 3, price = 1.5, list = new[] { 1, 2, 3 }, old = "x", from = "m", nested = new { k = 1 },
        });
        JsonElement patched = (await Items.PatchItemAsync<JsonElement>("a", P,
        [
            PatchOperation.Set("/nested/k", 2),
            PatchOperation.Set("/fresh", new { deep = true }),
            PatchOperation.Add("/list/1", 9),
            PatchOperation.Add("/list/-", 4),
            PatchOperation.Replace("/list/0", 8),
            PatchOperation.Remove("/old"),
            PatchOperation.Increment("/remaining", -1),
            PatchOperation.Increment("/price", 0.25),
            PatchOperation.Increment("/counter", 7),
            PatchOperation.Move("/from", "/to"),
        ])).Resource;
        Assert.Equal(2, patched.GetProperty("nested").GetProperty("k").GetInt32());
        Assert.True(patched.GetProperty("fresh").GetProperty("deep").GetBoolean());
        Assert.Equal("[8,9,2,3,4]", patched.GetProperty("list").GetRawText());
        Assert.False(patched.TryGetProperty("old", out _));
        Assert.Equal(2, patched.GetProperty("remaining").GetInt32());
        Assert.Equal(1.75, patched.GetProperty("price").GetDouble());
        Assert.Equal(7, patched.GetProperty("counter").GetInt32());
        Assert.Equal("m", patched.GetProperty("to").GetString());
        Assert.False(patched.TryGetProperty("from", out _));
    }

    [Fact]
    public async Task Patch_WhenTheFilterFails_Answers412AndChangesNothing()
    {
        await Items.CreateItemAsync(new Item("a", "p", 1), P);
        var filter = new PatchItemRequestOptions { FilterPredicate = "from c where c.remaining > 0" };
        Task TakeAsync() => Items.PatchItemAsync<Item>("a", P, [PatchOperation.Increment("/remaining", -1)], filter);
        await TakeAsync();
        await RefusedAsync(HttpStatusCode.PreconditionFailed, TakeAsync);
        Assert.Equal(0, (await Items.ReadItemAsync<Item>("a", P)).Resource.Remaining);
    }

    [Fact]
    public async Task Patch_WhenManyTakeAtOnce_ExactlyAsManySucceedAsThereAre()
    {
        await Items.CreateItemAsync(new Item("a", "p", 7), P);
        var filter = new PatchItemRequestOptions { FilterPredicate = "from c where c.remaining > 0" };
        bool[] taken = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            try
            {
                await Items.PatchItemAsync<Item>("a", P, [PatchOperation.Increment("/remaining", -1)], filter);
                return true;
            }
            catch (CosmosException exception) when (exception.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return false;
            }
        }));
        Assert.Equal(7, taken.Count(t => t));
        Assert.Equal(0, (await Items.ReadItemAsync<Item>("a", P)).Resource.Remaining);
    }

    public static TheoryData<PatchOperation> Impossible =>
    [
        PatchOperation.Replace("/missing", 1),
        PatchOperation.Remove("/missing"),
        PatchOperation.Set("/missing/deeper", 1),
        PatchOperation.Increment("/name", 1),
        PatchOperation.Set("/id", "b"),
        PatchOperation.Set("/pk", "q"),
        PatchOperation.Set("/_ts", 1),
    ];

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task Patch_WhenItCannotBeDone_Answers400(PatchOperation operation)
    {
        await Items.CreateItemAsync(new Item("a", "p", Name: "text"), P);
        await RefusedAsync(HttpStatusCode.BadRequest, () => Items.PatchItemAsync<Item>("a", P, [operation]));
    }

    [Fact]
    public async Task Patch_WhenTheETagIsOldOrTheDocumentMissing_IsRefused()
    {
        await RefusedAsync(HttpStatusCode.NotFound, () =>
            Items.PatchItemAsync<Item>("a", P, [PatchOperation.Set("/name", "x")]));
        string etag = (await Items.CreateItemAsync(new Item("a", "p"), P)).ETag;
        await Items.PatchItemAsync<Item>("a", P, [PatchOperation.Set("/name", "x")]);
        await RefusedAsync(HttpStatusCode.PreconditionFailed, () => Items.PatchItemAsync<Item>(
            "a", P, [PatchOperation.Set("/name", "y")], new PatchItemRequestOptions { IfMatchEtag = etag }));
    }
}
