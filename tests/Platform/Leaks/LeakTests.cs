using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Azure;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using FinVault.Platform.Resilience;
using FinVault.Tests.Fuzz;
using FinVault.Tests.Local.SignalR;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace FinVault.Tests.Platform.Leaks;

/// <summary>
/// Whatever breaks inside, in whichever slice, nobody outside reads of it: not in an answer, a header or a live message.
/// </summary>
public sealed class LeakTests(ITestOutputHelper output)
{
    private static readonly JsonObject Document = ApiDocument.Of(typeof(ApiDocument).Assembly);

    // What of Platform touches the store reports on it and says 503 by itself; operators' routes ask the durable engine
    // before any store. Both are in the test that throws in every route.
    private static readonly string[] WithoutFailures = ["Operations", "Platform"];

    // Each kind of failure that a slice may meet, all of them talkative.
    private static readonly Func<Exception>[] Failures =
    [
        () => new InvalidOperationException($"{PoisonedStore.Secret} at FinVault.Inside.Thing()"),
        () => new CosmosException(PoisonedStore.Secret, HttpStatusCode.InternalServerError, 0, "activity", 1),
        () => new CosmosException(PoisonedStore.Secret, HttpStatusCode.TooManyRequests, 0, "activity", 1),
        () => new RequestFailedException(500, PoisonedStore.Secret),
        () => new HttpRequestException($"{PoisonedStore.Secret} (inside.internal:443)"),
        () => new System.Text.Json.JsonException($"{PoisonedStore.Secret} FinVault.Inside.Thing", "$.a", 1, 2),
        () => new AggregateException(new TargetInvocationException(new FormatException(PoisonedStore.Secret))),
        () => new TimeoutException(PoisonedStore.Secret),
    ];

    [Fact]
    public async Task Slices_WhoseStoreFails_SayNothingOfIt()
    {
        PoisonedStore store = new();
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with { Configure = store.AddTo });
        await SignInAsync(app);
        store.Armed = true;
        List<string> leaks = [];
        foreach ((string method, FuzzCase request) in Plausible())
        {
            // Or nobody's session could be looked up, and no other slice would be reached.
            store.Spared = request.PathAndQuery.Contains("/auth/", StringComparison.Ordinal) ? null : Containers.Identity;
            using HttpResponseMessage answer = await SendAsync(app, method, request);
            if (await Leak.InAsync(answer) is { } leak)
            {
                leaks.Add($"{method} {request.PathAndQuery}: {leak}");
            }
        }

        // What is tried again in the background succeeds from here on, or the host would wait for it while it stops.
        store.Armed = false;
        Assert.True(leaks.Count == 0, string.Join('\n', leaks));
        // Every slice with a route has really met the failure, so a new one without a case does not pass.
        string[] broken = [.. app.Logs.All.Select(log => log.Exception?.ToString()).OfType<string>()
            .Where(text => text.Contains(PoisonedStore.Secret, StringComparison.Ordinal))];
        output.WriteLine($"{broken.Length} failures inside");
        string[] spared = [.. Slices().Except(WithoutFailures).Where(
            slice => !broken.Any(text => text.Contains($"at FinVault.{slice}.", StringComparison.Ordinal)))];
        Assert.True(spared.Length == 0, $"No route of these met a failing store: {string.Join(", ", spared)}");
    }

    [Fact]
    public async Task EveryRoute_WhateverItThrows_SaysNothingOfIt()
    {
        Func<Exception> failure = Failures[0];
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with
        {
            App = (worker, settings) =>
            {
                worker.AddFinVault(settings);
                // Behind everything else, in the place of the function.
                worker.Use(next => context => context.GetHttpContext() is null ? next(context) : throw failure());
            },
        });
        await SignInAsync(app);
        List<string> wrong = [];
        (string Method, FuzzCase Request)[] routes = [.. Plausible()];
        foreach (Func<Exception> kind in Failures)
        {
            failure = kind;
            foreach ((string method, FuzzCase request) in routes)
            {
                using HttpResponseMessage answer = await SendAsync(app, method, request);
                bool told = (int)answer.StatusCode >= 400
                    && answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
                string? leak = told ? await Leak.InAsync(answer) : $"{(int)answer.StatusCode} is no problem";
                if (leak is not null)
                {
                    wrong.Add($"{method} {request.PathAndQuery}: {leak}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        output.WriteLine($"{routes.Length} routes, {Failures.Length} failures each");
    }

    [Theory]
    [InlineData("Watch", """[["TCS.NS"]]""")]
    [InlineData("JoinRoom", """["EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAV"]""")]
    public async Task LiveConnection_WhoseCallFails_SaysNothingOfIt(string target, string arguments)
    {
        PoisonedStore store = new();
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with { Configure = store.AddTo });
        using RawClient client = await RawClient.ConnectAsync(
            new Uri($"{app.Client.BaseAddress}api/v1/realtime/negotiate"));
        store.Armed = true;
        await client.SendAsync($$"""{"type":1,"invocationId":"1","target":"{{target}}","arguments":{{arguments}}}""");
        string record = (await client.NextAsync(one => one.GetProperty("type").GetInt32() == 3)).GetRawText();
        Assert.Contains("error", record, StringComparison.Ordinal);
        // SignalR's own word for a failure that the client is meant to read.
        Assert.Null(Leak.In(record.Replace("HubException: ", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Health_WhoseDependenciesFail_NamesThemAndNothingElse()
    {
        PoisonedStore store = new();
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with { Configure = store.AddTo });
        store.Armed = true;
        using HttpResponseMessage answer = await app.Client.GetAsync("api/v1/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Null(await Leak.InAsync(answer));
    }

    [Fact]
    public async Task Delivery_ThatCannotBeMade_TellsItsTenantNothingOfUs()
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { [WebhookSending.LoopbackSetting] = "true" }).Build();
        using WebhookSending sending = new(
            settings, new Dependencies(TimeProvider.System, NullLogger<Dependencies>.Instance), TimeProvider.System);
        // Nobody listens on port 1; a name that is none; an address inside.
        foreach (string url in new[] { "http://127.0.0.1:1/hook", "https://nobody.invalid/hook", "https://10.0.0.1/hook" })
        {
            DeliveryAttempt attempt = await sending.SendAsync(
                new("WEBHOOK_1", "TENANT_1", url, [], "secret", 0, "USER_1"),
                new("DELIVERY_1", "TENANT_1", "WEBHOOK_1", "ping", "{}", DeliveryState.Pending, 0, [], 0), default);
            Assert.NotNull(attempt.Failure);
            Assert.Null(Leak.In(attempt.Failure));
        }
    }

    private static IEnumerable<(string Method, FuzzCase Request)> Plausible()
    {
        foreach ((string path, JsonNode? methods) in Document["paths"]!.AsObject())
        {
            foreach ((string method, JsonNode? operation) in methods!.AsObject())
            {
                yield return (method, new FuzzInputs(Document, path, operation!.AsObject()).Cases().First());
            }
        }
    }

    /// <summary>The folders of functions/ that have a route.</summary>
    private static string[] Slices() => [.. typeof(FinVaultApp).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith("FinVault.Local", StringComparison.Ordinal) != true)
        .Where(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
            .Any(method => method.GetParameters().Any(p => p.GetCustomAttribute<HttpTriggerAttribute>() is not null)))
        .Select(type => type.Namespace!.Split('.')[1])
        .Distinct().Order(StringComparer.Ordinal)];

    /// <summary>As somebody with every role, in one session: another could not begin once the store fails.</summary>
    private static async Task SignInAsync(AppHost app) =>
        app.Client.DefaultRequestHeaders.Authorization = new("Bearer", await app.Sessions.IssueAsync(new CurrentUser(
            Ids.New("USER", TimeProvider.System), Ids.New("TENANT", TimeProvider.System), Roles.All.ToHashSet())));

    private static async Task<HttpResponseMessage> SendAsync(AppHost app, string method, FuzzCase plausible)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), plausible.PathAndQuery);
        if (plausible.Body is { } body)
        {
            request.Content = new StringContent(body, Encoding.UTF8, plausible.ContentType);
        }

        return await app.Client.SendAsync(request);
    }
}
