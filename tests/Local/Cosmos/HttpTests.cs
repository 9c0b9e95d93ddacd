using FinVault.Local.Cosmos;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Local.Cosmos;

public sealed class HttpTests : IAsyncLifetime
{
    private readonly EmbeddedCosmos cosmos = EmbeddedCosmos.Open(null, TimeProvider.System);
    private WebApplication server = null!;
    private string endpoint = "";

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        cosmos.Map(server);
        await server.StartAsync();
        endpoint = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        cosmos.Dispose();
    }

    [NodeModulesFact]
    public async Task JavaScriptSdk_WhenItUsesTheEndpoint_FindsEverythingItNeeds()
    {
        Tool.Result result = await Tool.RunAsync(
            "node", [Repository.PathTo("tests", "node", "cosmos.mjs"), endpoint, MasterKey.WellKnown], TimeSpan.FromMinutes(2));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.EndsWith("ok", result.Output.Trim());
    }

    [Fact]
    public async Task DotNetSdk_WhenItComesOverHttp_WorksAsInProcess()
    {
        await cosmos.EnsureCreatedAsync("db", [new ContainerDefinition("items", "/pk", -1, "/*")], default);
        using CosmosClient client = Connect(MasterKey.WellKnown);
        Container items = client.GetContainer("db", "items");
        string large = new('x', 600_000);
        using TransactionalBatchResponse batch = await items.CreateTransactionalBatch(new PartitionKey("p"))
            .CreateItem(new Item("a b/c".Replace('/', '-'), "p", 1, large)).UpsertItem(new Item("b", "p", 2)).ExecuteAsync();
        Assert.True(batch.IsSuccessStatusCode, batch.ErrorMessage);
        Assert.Equal(large, (await items.ReadItemAsync<Item>("a b-c", new PartitionKey("p"))).Resource.Name);
        using FeedIterator<int> sum = items.GetItemQueryIterator<int>("SELECT VALUE SUM(c.remaining) FROM c");
        Assert.Equal(3, (await sum.ReadNextAsync()).Single());
        using ResponseMessage missing = await items.ReadItemStreamAsync("missing", new PartitionKey("p"));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, missing.StatusCode);
        await items.DeleteItemAsync<Item>("b", new PartitionKey("p"));
    }

    [Fact]
    public async Task Request_WhenSignedWithAnotherKey_Answers401()
    {
        using CosmosClient stranger = Connect(Convert.ToBase64String(new byte[64]));
        CosmosException refused = await Assert.ThrowsAsync<CosmosException>(() => stranger.GetDatabase("db").ReadAsync());
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private CosmosClient Connect(string key) => new(endpoint, key, new CosmosClientOptions
    {
        ConnectionMode = ConnectionMode.Gateway,
        LimitToEndpoint = true,
        UseSystemTextJsonSerializerWithOptions = new(System.Text.Json.JsonSerializerDefaults.Web),
    });
}
