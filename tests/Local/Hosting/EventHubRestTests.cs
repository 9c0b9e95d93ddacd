using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FinVault.Local.EventHubs;
using FinVault.Market;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.Hosting;

/// <summary>The Event Hubs REST send calls.</summary>
public class EventHubRestTests
{
    private const string Batch = "application/vnd.microsoft.servicebus.json";

    [Fact]
    public async Task SendEvent_StoresTheBody_UnderItsPartitionKey()
    {
        await using AppHost app = await StartAsync();
        var request = Request("/ticks/messages?timeout=60&api-version=2014-01", "{\"a\":1}", "application/atom+xml;type=entry");
        request.Headers.Add("BrokerProperties", "{\"PartitionKey\":\"RELIANCE\"}");
        request.Headers.TryAddWithoutValidation("Authorization", "SharedAccessSignature sr=x&sig=y&se=1&skn=z");

        using HttpResponseMessage answer = await app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        string partition = PartitionHash.PartitionFor("RELIANCE", 2).ToString(System.Globalization.CultureInfo.InvariantCulture);
        StoredEvent stored = Assert.Single(await ReadAsync(app, partition));
        Assert.Equal("RELIANCE", stored.PartitionKey);
        Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(stored.Body.Span));
    }

    [Fact]
    public async Task SendPartitionEvent_GoesToThatPartition()
    {
        await using AppHost app = await StartAsync();

        using HttpResponseMessage answer = await app.Client.SendAsync(Request("/ticks/partitions/1/messages", "x", "text/plain"));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Single(await ReadAsync(app, "1"));
    }

    [Fact]
    public async Task SendBatch_StoresEachWithItsProperties_AKeysInOrder()
    {
        await using AppHost app = await StartAsync();
        const string body = """
            [ { "Body": "1", "UserProperties": { "source": "rest", "n": 5 }, "BrokerProperties": { "PartitionKey": "A" } },
              { "Body": "2", "BrokerProperties": { "PartitionKey": "A" } }, { "Body": "3", "BrokerProperties": { "PartitionKey": "A" } } ]
            """;

        using HttpResponseMessage answer = await app.Client.SendAsync(Request("/ticks/messages", body, Batch));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        string partition = PartitionHash.PartitionFor("A", 2).ToString(System.Globalization.CultureInfo.InvariantCulture);
        IReadOnlyList<StoredEvent> stored = await ReadAsync(app, partition);
        Assert.Equal(["1", "2", "3"], stored.Select(item => Encoding.UTF8.GetString(item.Body.Span)));
        Assert.Equal("rest", stored[0].Properties["source"]);
        Assert.Equal(5L, stored[0].Properties["n"]);
    }

    [Theory]
    [InlineData("/ticks/messages", "{}", HttpStatusCode.BadRequest)]
    [InlineData("/ticks/messages", "[{}]", HttpStatusCode.BadRequest)]
    [InlineData("/ticks/messages", "[", HttpStatusCode.BadRequest)]
    [InlineData("/ticks/partitions/9/messages", "[]", HttpStatusCode.NotFound)]
    [InlineData("/other/messages", "[]", HttpStatusCode.NotFound)]
    public async Task Send_WhenItCannotBeTaken_SaysWhy(string path, string body, HttpStatusCode status)
    {
        await using AppHost app = await StartAsync();

        using HttpResponseMessage answer = await app.Client.SendAsync(Request(path, body, Batch));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData(1024 * 1024 + 1)]
    [InlineData(1024 * 1024 - 10)]
    public async Task Send_WhenItIsAboveOneMegabyteStored_Is413(int size)
    {
        await using AppHost app = await StartAsync();

        using HttpResponseMessage answer = await app.Client.SendAsync(
            Request("/ticks/messages", new string('x', size), "text/plain"));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    private static Task<AppHost> StartAsync() =>
        AppHost.WithFunctionsAsync([], options: AppHost.Defaults with { Partitions = 2 });

    private static HttpRequestMessage Request(string path, string body, string type)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return request;
    }

    private static async Task<IReadOnlyList<StoredEvent>> ReadAsync(AppHost app, string partition) =>
        await app.Host.Hub.ReadAsync(partition, -1, 100, CancellationToken.None);
}
