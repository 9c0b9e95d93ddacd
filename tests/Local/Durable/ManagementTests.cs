using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Local.Durable;

/// <summary>The extension's HTTP API, over HTTP.</summary>
public sealed class ManagementTests : IAsyncLifetime, IDisposable
{
    readonly TestEngine engine = new();
    readonly WebApplication app = WebApplication.CreateSlimBuilder().Build();
    readonly HttpClient http = new();

    public async Task InitializeAsync()
    {
        engine.Orchestrator("Waits", async c =>
        {
            c.SetCustomStatus("waiting");
            await c.CallActivityAsync("Echo", c.GetInput<string>());
            return await c.WaitForExternalEvent<string>("Go");
        });
        engine.Orchestrator("Throws", c => throw new InvalidOperationException("no"));
        engine.Orchestrator("Returns", c => Task.FromResult<object?>(c.GetInput<int>() + 1));
        await engine.StartAsync();
        engine.Engine.MapManagement(app);
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        engine.Engine.BaseAddress = new(address);
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        await engine.DisposeAsync();
    }

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task Links_OfTheCheckStatusResponse_SteerTheInstanceToItsEnd()
    {
        string id = await engine.Start("Waits", "hello");
        await engine.UntilStatus(id, OrchestrationRuntimeStatus.Running);
        HttpManagementPayload links = engine.Client.CreateHttpManagementPayload(id);

        HttpResponseMessage running = await http.GetAsync(links.StatusQueryGetUri + "&showHistory=true");
        JsonNode status = (await running.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal(HttpStatusCode.Accepted, running.StatusCode);
        Assert.Equal("5", running.Headers.RetryAfter!.ToString());
        Assert.Equal("hello", (string?)status["input"]);
        Assert.Equal("waiting", (string?)status["customStatus"]);
        Assert.Equal("ExecutionStarted", (string?)status["historyEvents"]![0]!["eventType"]);

        Assert.Equal(HttpStatusCode.Accepted, (await Post(Reason(links.SuspendPostUri))).StatusCode);
        await engine.UntilStatus(id, OrchestrationRuntimeStatus.Suspended);
        await Post(Reason(links.ResumePostUri));
        string raise = links.SendEventPostUri!.Replace("{eventName}", "Go", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(raise, new StringContent("plain"))).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await Post(raise, JsonContent.Create("gone"))).StatusCode);
        await engine.End(id);

        HttpResponseMessage ended = await http.GetAsync(links.StatusQueryGetUri);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Equal("gone", (string?)(await ended.Content.ReadFromJsonAsync<JsonNode>())!["output"]);
        Assert.Equal(HttpStatusCode.Gone, (await Post(Reason(links.TerminatePostUri))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.DeleteAsync(links.PurgeHistoryDeleteUri)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(links.StatusQueryGetUri)).StatusCode);
    }

    [Fact]
    public async Task Start_OverHttp_AnswersWithLinksOrWithTheOutputInTime()
    {
        string key = Key(engine.Client.CreateHttpManagementPayload("x"));
        string root = engine.Engine.BaseAddress + "runtime/webhooks/durabletask";
        HttpResponseMessage started =
            await Post($"{root}/orchestrators/Returns/seven?{key}", JsonContent.Create(7));
        JsonNode links = (await started.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal("seven", (string?)links["id"]);
        Assert.Equal(started.Headers.Location!.ToString(), (string?)links["statusQueryGetUri"]);
        Assert.Equal(8, (await engine.End("seven")).ReadOutputAs<int>());

        HttpResponseMessage waited =
            await Post($"{root}/orchestrators/Returns?timeout=30&{key}", JsonContent.Create(1));
        Assert.Equal("2", await waited.Content.ReadAsStringAsync());
        HttpResponseMessage refused = await Post($"{root}/orchestrators/Returns?{key}", new StringContent("{"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Status_OfAFailedInstance_IsAnErrorOnlyWhereAskedFor()
    {
        string id = (await engine.Run("Throws")).InstanceId;
        string status = engine.Client.CreateHttpManagementPayload(id).StatusQueryGetUri!;
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(status)).StatusCode);
        Assert.Equal(
            HttpStatusCode.InternalServerError,
            (await http.GetAsync(status + "&returnInternalServerErrorOnFailure=true")).StatusCode);
    }

    [Fact]
    public async Task List_ComesInPagesByHeader()
    {
        foreach (int i in Enumerable.Range(0, 3))
        {
            await engine.Run("Returns", i, $"list-{i}");
        }

        string url = engine.Engine.BaseAddress + "runtime/webhooks/durabletask/instances?instanceIdPrefix=list-&top=2&"
            + Key(engine.Client.CreateHttpManagementPayload("x"));
        HttpResponseMessage first = await http.GetAsync(url);
        using HttpRequestMessage more = new(HttpMethod.Get, url);
        more.Headers.Add("x-ms-continuation-token", first.Headers.GetValues("x-ms-continuation-token").Single());
        HttpResponseMessage second = await http.SendAsync(more);

        Assert.Equal(["list-0", "list-1"], await Ids(first));
        Assert.Equal(["list-2"], await Ids(second));
    }

    [Theory]
    [InlineData("instances")]
    [InlineData("instances/any?code=wrong")]
    public async Task AnyCall_WithoutTheSystemKey_IsRefused(string path) => Assert.Equal(
        HttpStatusCode.Unauthorized,
        (await http.GetAsync(engine.Engine.BaseAddress + "runtime/webhooks/durabletask/" + path)).StatusCode);

    [Fact]
    public async Task CheckStatusResponse_ToAWorkerRequest_HasLinksAtTheRequestsAddress()
    {
        Request request = new(new Uri("https://finvault.example/api/v1/things?x=1"));
        HttpResponseData response = await engine.Client.CreateCheckStatusResponseAsync(request, "an id");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        response.Body.Position = 0;
        JsonNode links = JsonNode.Parse(response.Body)!;
        Assert.StartsWith(
            "https://finvault.example/runtime/webhooks/durabletask/instances/an%20id?code=",
            (string?)links["statusQueryGetUri"], StringComparison.Ordinal);
        Assert.Equal(response.Headers.GetValues("Location").Single(), (string?)links["statusQueryGetUri"]);
    }

    static string Key(HttpManagementPayload links) => links.StatusQueryGetUri!.Split('?')[1];

    static string Reason(string? url) => url!.Replace("{{text}}", "because", StringComparison.Ordinal);

    static async Task<string[]> Ids(HttpResponseMessage list) =>
        [.. (await list.Content.ReadFromJsonAsync<JsonArray>())!.Select(i => (string)i!["instanceId"]!)];

    Task<HttpResponseMessage> Post(string url, HttpContent? content = null) => http.PostAsync(url, content);

    sealed class Request(Uri url) : HttpRequestData(new StubFunctionContext("Http"))
    {
        public override Stream Body { get; } = new MemoryStream();

        public override HttpHeadersCollection Headers { get; } = [];

        public override IReadOnlyCollection<IHttpCookie> Cookies => [];

        public override Uri Url => url;

        public override IEnumerable<System.Security.Claims.ClaimsIdentity> Identities => [];

        public override string Method => "POST";

        public override HttpResponseData CreateResponse() => new Response(FunctionContext);
    }

    sealed class Response(FunctionContext context) : HttpResponseData(context)
    {
        public override HttpStatusCode StatusCode { get; set; }

        public override HttpHeadersCollection Headers { get; set; } = [];

        public override Stream Body { get; set; } = new MemoryStream();

        public override HttpCookies Cookies => throw new NotSupportedException();
    }
}
