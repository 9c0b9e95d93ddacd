using System.Net;
using System.Text;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Local.Cosmos;

public sealed class DocumentTests : CosmosTest
{
    private static readonly PartitionKey P = new("p");

    [Fact]
    public async Task Create_WhenNew_AnswersTheDocumentAndItsETag()
    {
        ItemResponse<Item> created = await Items.CreateItemAsync(new Item("a", "p", 3), P);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(3, created.Resource.Remaining);
        Assert.Equal(created.ETag, created.Resource.ETag);
        Assert.StartsWith("0:-1#", created.Headers.Session);

        ItemResponse<Item> read = await Items.ReadItemAsync<Item>("a", P);
        Assert.Equal(created.ETag, read.ETag);
        Assert.Equal(created.Resource, read.Resource);
    }

    [Fact]
    public async Task Create_WhenTheIdExists_Answers409()
    {
        await Items.CreateItemAsync(new Item("a", "p"), P);
        await RefusedAsync(HttpStatusCode.Conflict, () => Items.CreateItemAsync(new Item("a", "p"), P));
        // The same id in another partition is another document.
        await Items.CreateItemAsync(new Item("a", "q"), new PartitionKey("q"));
    }

    [Fact]
    public async Task Document_WhenItIsNotThere_Answers404ToAllButUpsert()
    {
        await RefusedAsync(HttpStatusCode.NotFound, () => Items.ReadItemAsync<Item>("a", P));
        await RefusedAsync(HttpStatusCode.NotFound, () => Items.ReplaceItemAsync(new Item("a", "p"), "a", P));
        await RefusedAsync(HttpStatusCode.NotFound, () => Items.DeleteItemAsync<Item>("a", P));
        Assert.Equal(HttpStatusCode.Created, (await Items.UpsertItemAsync(new Item("a", "p"), P)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Items.UpsertItemAsync(new Item("a", "p", 2), P)).StatusCode);
    }

    [Fact]
    public async Task Replace_WhenTheETagIsOld_Answers412AndChangesNothing()
    {
        string first = (await Items.CreateItemAsync(new Item("a", "p", 1), P)).ETag;
        string second = (await Items.ReplaceItemAsync(
            new Item("a", "p", 2), "a", P, new ItemRequestOptions { IfMatchEtag = first })).ETag;
        Assert.NotEqual(first, second);
        await RefusedAsync(HttpStatusCode.PreconditionFailed, () => Items.ReplaceItemAsync(
            new Item("a", "p", 3), "a", P, new ItemRequestOptions { IfMatchEtag = first }));
        await RefusedAsync(HttpStatusCode.PreconditionFailed, () => Items.DeleteItemAsync<Item>(
            "a", P, new ItemRequestOptions { IfMatchEtag = first }));
        Assert.Equal(2, (await Items.ReadItemAsync<Item>("a", P)).Resource.Remaining);
    }

    [Fact]
    public async Task Read_WhenTheETagIsStillTheSame_Answers304()
    {
        string etag = (await Items.CreateItemAsync(new Item("a", "p", 1), P)).ETag;
        using ResponseMessage same = await Items.ReadItemStreamAsync(
            "a", P, new ItemRequestOptions { IfNoneMatchEtag = etag });
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        await Items.ReplaceItemAsync(new Item("a", "p", 2), "a", P);
        using ResponseMessage changed = await Items.ReadItemStreamAsync(
            "a", P, new ItemRequestOptions { IfNoneMatchEtag = etag });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task Document_WhenWrittenBackWithSystemProperties_KeepsOneSetOfThem()
    {
        Item created = (await Items.CreateItemAsync(new Item("a", "p", 1), P)).Resource;
        Item replaced = (await Items.ReplaceItemAsync(created with { Remaining = 2 }, "a", P)).Resource;
        Assert.NotEqual(created.ETag, replaced.ETag);
        using ResponseMessage response = await Items.ReadItemStreamAsync("a", P);
        string json = await new StreamReader(response.Content).ReadToEndAsync();
        Assert.Equal(2, json.Split("\"_etag\"").Length);
        Assert.EndsWith($"\"_ts\":{Clock.GetUtcNow().ToUnixTimeSeconds()}}}", json);
    }

    [Theory]
    [InlineData("""{"pk":"p"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"id":"a/b","pk":"p"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"id":1,"pk":"p"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"id":"a","pk":"p","ttl":0}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"id":"a","pk":"other"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"id":"a","pk":"p",}""", HttpStatusCode.BadRequest)]
    [InlineData("""[1,2]""", HttpStatusCode.BadRequest)]
    [InlineData("""{"id":"a","pk":"p","_etag":"old","x":{"y":[1,2,{"z":"é"}]},"_ts":1}""", HttpStatusCode.Created)]
    public async Task CreateStream_WhenTheContentIsOdd_AnswersAsTheService(string json, HttpStatusCode expected)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        using ResponseMessage response = await Items.CreateItemStreamAsync(stream, P);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Create_WhenOver2Megabytes_Answers413()
    {
        await Items.CreateItemAsync(new Item("large", "p", Name: new string('x', 2 * 1024 * 1024 - 200)), P);
        await RefusedAsync(HttpStatusCode.RequestEntityTooLarge, () =>
            Items.CreateItemAsync(new Item("larger", "p", Name: new string('x', 2 * 1024 * 1024)), P));
        Assert.Equal(2 * 1024 * 1024 - 200, (await Items.ReadItemAsync<Item>("large", P)).Resource.Name!.Length);
    }

    [Fact]
    public async Task Write_WhenNoContentIsWanted_AnswersNone()
    {
        ItemResponse<Item> created = await Items.CreateItemAsync(
            new Item("a", "p"), P, new ItemRequestOptions { EnableContentResponseOnWrite = false });
        Assert.Null(created.Resource);
        Assert.NotNull(created.ETag);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("with space & ümlaut")]
    [InlineData("5+5=10;x")]
    [InlineData("quote\"d")]
    [InlineData("日本語")]
    public async Task Id_WhenItHasOddCharacters_IsFoundAgain(string id)
    {
        await Items.CreateItemAsync(new Item(id, id, 7), new PartitionKey(id));
        Assert.Equal(7, (await Items.ReadItemAsync<Item>(id, new PartitionKey(id))).Resource.Remaining);
    }

    [Fact]
    public async Task PartitionKey_WhenItIsNoString_TellsTypesApart()
    {
        await Items.CreateItemAsync(new { id = "a", pk = 5 }, new PartitionKey(5));
        await Items.CreateItemAsync(new { id = "a", pk = true }, new PartitionKey(true));
        await Items.CreateItemAsync(new { id = "a", pk = (string?)null }, PartitionKey.Null);
        await Items.CreateItemAsync(new { id = "a" }, PartitionKey.None);
        foreach (PartitionKey key in new[] { new(5), new(true), PartitionKey.Null, PartitionKey.None })
        {
            using ResponseMessage found = await Items.ReadItemStreamAsync("a", key);
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }
        await RefusedAsync(HttpStatusCode.NotFound, () => Items.ReadItemAsync<Item>("a", new PartitionKey("5")));
    }

    [Fact]
    public async Task ReadMany_WhenSomeAreMissing_AnswersTheOthers()
    {
        await Items.CreateItemAsync(new Item("a", "p"), P);
        await Items.CreateItemAsync(new Item("b", "p"), P);
        await Items.CreateItemAsync(new Item("a", "q"), new PartitionKey("q"));
        FeedResponse<Item> found = await Items.ReadManyItemsAsync<Item>(
            [("a", P), ("a", new PartitionKey("q")), ("none", P)]);
        Assert.Equal(["p/a", "q/a"], found.Select(i => $"{i.Pk}/{i.Id}").Order());
    }
}
