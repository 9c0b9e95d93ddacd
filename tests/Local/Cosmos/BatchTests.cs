using System.Net;
using System.Text;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Local.Cosmos;

public sealed class BatchTests : CosmosTest
{
    private static readonly PartitionKey P = new("p");

    [Fact]
    public async Task Batch_WhenAllSucceed_DoesAllKindsOfOperations()
    {
        string etag = (await Items.CreateItemAsync(new Item("old", "p", 1), P)).ETag;
        await Items.CreateItemAsync(new Item("gone", "p"), P);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("""{"id":"raw","pk":"p","remaining":9}"""));
        using TransactionalBatchResponse response = await Items.CreateTransactionalBatch(P)
            .CreateItem(new Item("new", "p", 2))
            .ReplaceItem("old", new Item("old", "p", 3), new TransactionalBatchItemRequestOptions { IfMatchEtag = etag })
            .UpsertItem(new Item("up", "p", 4))
            .PatchItem("new", [PatchOperation.Increment("/remaining", 5)])
            .CreateItemStream(stream)
            .DeleteItem("gone")
            .ReadItem("new")
            .ExecuteAsync();
        Assert.True(response.IsSuccessStatusCode, response.ErrorMessage);
        Assert.Equal([201, 200, 201, 200, 201, 204, 200], response.Select(r => (int)r.StatusCode));
        Assert.Equal(7, response.GetOperationResultAtIndex<Item>(6).Resource.Remaining);
        Assert.Equal(response[6].ETag, response[3].ETag);
        Assert.True(response.RequestCharge > 25);
        Assert.Equal(9, (await Items.ReadItemAsync<Item>("raw", P)).Resource.Remaining);
        await RefusedAsync(HttpStatusCode.NotFound, () => Items.ReadItemAsync<Item>("gone", P));
    }

    [Fact]
    public async Task Batch_WhenOneFails_UndoesAllAndBlamesThatOne()
    {
        await Items.CreateItemAsync(new Item("old", "p", 1), P);
        using TransactionalBatchResponse response = await Items.CreateTransactionalBatch(P)
            .CreateItem(new Item("new", "p"))
            .ReplaceItem("old", new Item("old", "p", 2))
            .CreateItem(new Item("old", "p"))
            .DeleteItem("old")
            .ExecuteAsync();
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal([424, 424, 409, 424], response.Select(r => (int)r.StatusCode));
        await RefusedAsync(HttpStatusCode.NotFound, () => Items.ReadItemAsync<Item>("new", P));
        Assert.Equal(1, (await Items.ReadItemAsync<Item>("old", P)).Resource.Remaining);
    }

    [Fact]
    public async Task Batch_WhenAnETagIsOld_Answers412()
    {
        string old = (await Items.CreateItemAsync(new Item("a", "p", 1), P)).ETag;
        await Items.ReplaceItemAsync(new Item("a", "p", 2), "a", P);
        using TransactionalBatchResponse response = await Items.CreateTransactionalBatch(P)
            .CreateItem(new Item("b", "p"))
            .ReplaceItem("a", new Item("a", "p", 3), new TransactionalBatchItemRequestOptions { IfMatchEtag = old })
            .ExecuteAsync();
        Assert.Equal(HttpStatusCode.PreconditionFailed, response.StatusCode);
        Assert.Equal([424, 412], response.Select(r => (int)r.StatusCode));
    }

    [Fact]
    public async Task Batch_WhenAPatchsFilterFails_TakesNothing()
    {
        await Items.CreateItemAsync(new Item("prize", "p", 1), P);
        var filter = new TransactionalBatchPatchItemRequestOptions { FilterPredicate = "from c where c.remaining > 0" };
        async Task<HttpStatusCode> TakeAsync(string winner)
        {
            using TransactionalBatchResponse response = await Items.CreateTransactionalBatch(P)
                .PatchItem("prize", [PatchOperation.Increment("/remaining", -1)], filter)
                .CreateItem(new Item(winner, "p"))
                .ExecuteAsync();
            return response.StatusCode;
        }

        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => TakeAsync($"winner{i}")));
        Assert.Single(answers, HttpStatusCode.OK);
        Assert.Equal(19, answers.Count(a => a == HttpStatusCode.PreconditionFailed));
        Assert.Equal([1], await QueryAsync<int>("SELECT VALUE COUNT(1) FROM c WHERE STARTSWITH(c.id, 'winner')", "p"));
    }

    [Fact]
    public async Task Batch_WhenADocumentIsOfAnotherPartition_Answers400()
    {
        using TransactionalBatchResponse response = await Items.CreateTransactionalBatch(P)
            .CreateItem(new Item("a", "p"))
            .CreateItem(new Item("b", "other"))
            .ExecuteAsync();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await RefusedAsync(HttpStatusCode.NotFound, () => Items.ReadItemAsync<Item>("a", P));
    }

    [Fact]
    public async Task Batch_WhenNoContentIsWanted_AnswersETagsOnly()
    {
        using TransactionalBatchResponse response = await Items.CreateTransactionalBatch(P)
            .CreateItem(new Item("a", "p"), new TransactionalBatchItemRequestOptions { EnableContentResponseOnWrite = false })
            .ExecuteAsync();
        Assert.Null(response[0].ResourceStream);
        Assert.Equal((await Items.ReadItemAsync<Item>("a", P)).ETag, response[0].ETag);
    }

    [Fact]
    public async Task Batch_WhenOver2MegabytesOr100Operations_IsRefused()
    {
        TransactionalBatch large = Items.CreateTransactionalBatch(P);
        TransactionalBatch many = Items.CreateTransactionalBatch(P);
        for (int i = 0; i < 5; i++)
        {
            large.CreateItem(new Item($"l{i}", "p", Name: new string('x', 500_000)));
        }
        for (int i = 0; i < 101; i++)
        {
            many.CreateItem(new Item($"m{i}", "p"));
        }
        using TransactionalBatchResponse refused = await large.ExecuteAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        using TransactionalBatchResponse tooMany = await many.ExecuteAsync();
        Assert.Equal(HttpStatusCode.BadRequest, tooMany.StatusCode);
        Assert.Equal([0], await QueryAsync<int>("SELECT VALUE COUNT(1) FROM c"));
    }

    [Fact]
    public async Task Bulk_WhenSomeFail_TellsEachItsOwn()
    {
        await Items.CreateItemAsync(new Item("3", "p3"), new PartitionKey("p3"));
        using var bulk = new CosmosClient("http://cosmos.localhost:8081/", FinVault.Local.Cosmos.MasterKey.WellKnown,
            new CosmosClientOptions
            {
                ConnectionMode = ConnectionMode.Gateway,
                LimitToEndpoint = true,
                AllowBulkExecution = true,
                HttpClientFactory = () => new HttpClient(Cosmos.CreateHandler()),
                UseSystemTextJsonSerializerWithOptions = new(System.Text.Json.JsonSerializerDefaults.Web),
            });
        Container items = bulk.GetContainer(DatabaseId, "items");
        HttpStatusCode[] codes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            try
            {
                return (await items.CreateItemAsync(new Item($"{i}", $"p{i}"), new PartitionKey($"p{i}"))).StatusCode;
            }
            catch (CosmosException exception)
            {
                return exception.StatusCode;
            }
        }));
        Assert.Equal(9, codes.Count(c => c == HttpStatusCode.Created));
        Assert.Equal(HttpStatusCode.Conflict, codes[3]);
    }
}
