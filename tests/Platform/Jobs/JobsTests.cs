using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;
using FinVault.Platform.Jobs;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Platform.Jobs;

/// <summary>Jobs from their start to their end, on the running app, with a handler that does as its input says.</summary>
public sealed class JobsTests
{
    private const string Owner = "USER_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    [Fact]
    public async Task Job_WhenStarted_IsCompletedWithItsResultUnderTheCorrelationIdOfItsRequest()
    {
        ManualClock clock = new();
        await using AppHost app = await StartAsync(clock);
        JobView started = await StartAsync(app, "double", 21);
        Assert.Equal((JobState.Waiting, 15), (started.Status, started.EstimatedTime));

        JsonElement done = await EndAsync(app, started.JobId, "completed");
        Assert.Equal(42, done.GetProperty("result").GetProperty("number").GetInt32());
        Assert.Equal(1, done.GetProperty("attempts").GetInt32());
        Assert.Equal(JsonValueKind.Null, done.GetProperty("error").ValueKind);
        Assert.Equal(JsonValueKind.Null, done.GetProperty("estimatedTime").ValueKind);
    }

    [Fact]
    public async Task Job_ThatBeginsNinetySecondsLater_StillCarriesTheCorrelationIdOfItsRequest()
    {
        ManualClock clock = new();
        Worker worker = new();
        await using AppHost app = await StartAsync(clock, worker);
        string correlation = $"test-{Guid.NewGuid():N}";
        // Started as a request would: the row shows what was current then.
        JobView started = await new Requests(app).StartAsync(correlation, clock.GetUtcNow().AddSeconds(90));
        await AdvanceUntilAsync(clock, TimeSpan.FromSeconds(30), () => worker.Runs.Count == 1, "job is run");
        Assert.Equal(correlation, worker.Runs.Single().Correlation);
        Assert.True(worker.Runs.Single().At >= clock.GetUtcNow() - TimeSpan.FromMinutes(2));
        await EndAsync(app, started.JobId, "completed");
        JsonElement row = Assert.Single(await OperatorAsync(app, "operations/jobs"));
        Assert.Equal(correlation, row.GetProperty("correlationId").GetString());
    }

    [Fact]
    public async Task Job_ThatFailsTwice_IsTriedAThirdTimeAfterLongerAndLongerWaits()
    {
        ManualClock clock = new();
        Worker worker = new();
        await using AppHost app = await StartAsync(clock, worker);
        JobView started = await StartAsync(app, "flaky", 2);
        await AdvanceUntilAsync(clock, TimeSpan.FromSeconds(1), () => worker.Runs.Count == 3, "third try");
        JsonElement done = await EndAsync(app, started.JobId, "completed");
        Assert.Equal(3, done.GetProperty("attempts").GetInt32());
        Worker.Run[] runs = [.. worker.Runs];
        Assert.True(runs[1].At - runs[0].At >= TimeSpan.FromSeconds(1), $"first wait {runs[1].At - runs[0].At}");
        Assert.True(runs[2].At - runs[1].At >= TimeSpan.FromSeconds(2), $"second wait {runs[2].At - runs[1].At}");
    }

    [Fact]
    public async Task Job_ThatNeverSucceeds_FailsWithACodeOnly_UntilAnOperatorHasItDoneAgain()
    {
        ManualClock clock = new();
        Worker worker = new();
        await using AppHost app = await StartAsync(clock, worker);
        JobView started = await StartAsync(app, "flaky", Worker.Tries);
        await AdvanceUntilAsync(clock, TimeSpan.FromSeconds(5), () => worker.Runs.Count == Worker.Tries, "last try");
        JsonElement failed = await EndAsync(app, started.JobId, "failed");
        Assert.Equal("unavailable", failed.GetProperty("error").GetString());
        Assert.DoesNotContain("secret", failed.ToString(), StringComparison.Ordinal);

        JsonElement row = Assert.Single(await OperatorAsync(app, "operations/jobs?status=failed&kind=TEST"));
        Assert.Equal(started.JobId, row.GetProperty("jobId").GetString());
        JsonElement queue = Queue(await OperatorAsync(app, "operations/queues"), "TEST");
        Assert.Equal(1, queue.GetProperty("failed").GetInt32());

        Assert.Equal(HttpStatusCode.Accepted, await RetryAsync(app, started.JobId));
        JsonElement done = await EndAsync(app, started.JobId, "completed");
        Assert.Equal((1, JsonValueKind.Null), (done.GetProperty("attempts").GetInt32(), done.GetProperty("error").ValueKind));
        Assert.Equal(HttpStatusCode.Conflict, await RetryAsync(app, started.JobId));
    }

    [Fact]
    public async Task Job_ThatIsRefused_FailsAtOnceWithTheProblemsCode()
    {
        await using AppHost app = await StartAsync(new ManualClock());
        JobView started = await StartAsync(app, "refuse", 0);
        JsonElement failed = await EndAsync(app, started.JobId, "failed");
        Assert.Equal(("invalid_request", 1), (failed.GetProperty("error").GetString(), failed.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task Job_ThatIsNotDoneYet_IsAskedAgainWithoutCountingATry()
    {
        ManualClock clock = new();
        Worker worker = new();
        await using AppHost app = await StartAsync(clock, worker);
        JobView started = await StartAsync(app, "later", 3);
        await AdvanceUntilAsync(clock, TimeSpan.FromSeconds(10), () => worker.Runs.Count == 4, "fourth look");
        Assert.Equal(1, (await EndAsync(app, started.JobId, "completed")).GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task Job_OfSomebodyElse_DoesNotExist_ButForOperators()
    {
        await using AppHost app = await StartAsync(new ManualClock());
        JobView started = await StartAsync(app, "double", 1);
        await EndAsync(app, started.JobId, "completed");
        foreach (string role in Roles.All)
        {
            HttpStatusCode expected = role is Roles.Admin or Roles.Auditor ? HttpStatusCode.OK : HttpStatusCode.NotFound;
            using HttpResponseMessage answer = await SendAsync(
                app, HttpMethod.Get, $"jobs/{started.JobId}", "USER_01ARZ3NDEKTSV4RRFFQ69G5FAW", role);
            Assert.Equal((role, expected), (role, answer.StatusCode));
        }
    }

    [Fact]
    public async Task Job_StartedTwiceByItsId_IsDoneOnce()
    {
        Worker worker = new();
        await using AppHost app = await StartAsync(new ManualClock(), worker);
        string id = FinVault.Platform.Jobs.Jobs.IdOf(DateTimeOffset.UnixEpoch, "one");
        JobView first = await StartAsync(app, "double", 4, id);
        JobView second = await StartAsync(app, "double", 4, id);
        Assert.Equal((id, id), (first.JobId, second.JobId));
        await EndAsync(app, id, "completed");
        JobView third = await StartAsync(app, "double", 4, id);
        Assert.Equal(JobState.Completed, third.Status);
        Assert.Single(worker.Runs);
    }

    [Fact]
    public async Task Job_WhileTheEngineIsDown_IsTakenAndWaits_AndIsDoneWhenItIsBack()
    {
        string folder = Directory.CreateTempSubdirectory("finvault-jobs-").FullName;
        string id;
        LocalHostOptions options = Options(new Worker()) with { Data = folder };
        await using (AppHost without = await AppHost.StartAsync(options with { FunctionTypes = [typeof(JobFunctions)] }))
        {
            id = (await StartAsync(without, "double", 5)).JobId;
            using HttpResponseMessage answer = await SendAsync(without, HttpMethod.Get, $"jobs/{id}", Owner, Roles.User);
            JsonElement waiting = await AppHost.ReadJsonAsync(answer);
            Assert.Equal("waiting", waiting.GetProperty("status").GetString());
            Assert.Equal(1, Queue(await OperatorAsync(without, "operations/queues"), "TEST").GetProperty("waiting").GetInt32());
        }

        await using (AppHost back = await AppHost.StartAsync(options))
        {
            await EndAsync(back, id, "completed");
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Queues_NameEveryKindAndWhoeverWorksIt()
    {
        await using AppHost app = await StartAsync(new ManualClock());
        string[] found = [.. (await OperatorAsync(app, "operations/queues"))
            .Select(queue => $"{queue.GetProperty("kind").GetString()} by {queue.GetProperty("worker").GetString()}")];
        Assert.Contains("SOCIAL_VERIFICATION by completions", found);
        Assert.Contains("EVENT_PROCESSING by outbox:escrow", found);
        Assert.Contains("WEBHOOKS by deliveries", found);
        Assert.Contains("TEST by jobs", found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?status=nothing")]
    [InlineData("?cursor=e30")]
    public async Task List_OfABadRequest_IsRefused_AndNotShownToUsers(string query)
    {
        await using AppHost app = await StartAsync(new ManualClock());
        using HttpResponseMessage user = await SendAsync(app, HttpMethod.Get, $"operations/jobs{query}", Owner, Roles.User);
        Assert.Equal(HttpStatusCode.Forbidden, user.StatusCode);
        using HttpResponseMessage admin = await SendAsync(app, HttpMethod.Get, $"operations/jobs{query}", Owner, Roles.Admin);
        Assert.Equal(query.Length == 0 ? HttpStatusCode.OK : HttpStatusCode.BadRequest, admin.StatusCode);
    }

    private static LocalHostOptions Options(Worker worker) => AppHost.Defaults with
    {
        Configure = services => services.AddSingleton<IJobHandler>(
            provider => worker.At(provider.GetRequiredService<TimeProvider>())),
    };

    private static Task<AppHost> StartAsync(ManualClock clock, Worker? worker = null) =>
        AppHost.StartAsync(Options(worker ?? new Worker()) with { Time = clock });

    private static Task<JobView> StartAsync(AppHost app, string how, int number, string? id = null) => app.Host.Services
        .GetRequiredService<FinVault.Platform.Jobs.Jobs>().StartAsync("TEST", Owner, new Order(how, number), default, id);

    private static async Task<JsonElement> EndAsync(AppHost app, string id, string status)
    {
        JsonElement job = default;
        await Eventually.TrueAsync(
            async () =>
            {
                using HttpResponseMessage answer = await SendAsync(app, HttpMethod.Get, $"jobs/{id}", Owner, Roles.User);
                job = await AppHost.ReadJsonAsync(answer);
                return job.GetProperty("status").GetString() == status;
            },
            $"{id} is {status}");
        return job;
    }

    private static async Task AdvanceUntilAsync(ManualClock clock, TimeSpan step, Func<bool> condition, string what) =>
        await Eventually.TrueAsync(
            () =>
            {
                if (!condition())
                {
                    clock.Advance(step / 4);
                }

                return condition();
            },
            what);

    private static async Task<HttpStatusCode> RetryAsync(AppHost app, string id)
    {
        using HttpResponseMessage answer = await SendAsync(
            app, HttpMethod.Post, $"operations/jobs/{id}/retry", Owner, Roles.Admin);
        return answer.StatusCode;
    }

    private static async Task<JsonElement[]> OperatorAsync(AppHost app, string path)
    {
        using HttpResponseMessage answer = await SendAsync(app, HttpMethod.Get, path, Owner, Roles.Admin);
        return [.. (await AppHost.ReadJsonAsync(answer)).GetProperty("data").EnumerateArray()];
    }

    private static JsonElement Queue(JsonElement[] queues, string kind) =>
        queues.Single(queue => queue.GetProperty("kind").GetString() == kind);

    private static async Task<HttpResponseMessage> SendAsync(
        AppHost app, HttpMethod method, string path, string user, string role)
    {
        CurrentUser caller = new(user, "TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAV", new HashSet<string> { role });
        using HttpRequestMessage request = new(method, $"api/v1/{path}");
        request.Headers.Authorization = app.Sessions.HeaderOf(caller);
        return await app.Client.SendAsync(request);
    }

    /// <summary>Starts a job as something that a request does.</summary>
    private sealed class Requests(AppHost app)
    {
        public async Task<JobView> StartAsync(string correlation, DateTimeOffset notBefore)
        {
            Correlation.Current = correlation;
            return await app.Host.Services.GetRequiredService<FinVault.Platform.Jobs.Jobs>().StartAsync(
                "TEST", Owner, new Order("double", 1), default, notBefore: notBefore);
        }
    }

    private sealed record Order(string How, int Number);

    private sealed record Doubled(int Number);

    private sealed class Worker : IJobHandler
    {
        public const int Tries = 4;

        private TimeProvider _time = TimeProvider.System;

        public sealed record Run(DateTimeOffset At, string Correlation);

        public ConcurrentQueue<Run> Runs { get; } = new();

        public string Kind => "TEST";

        public JobPolicy Policy => new(Tries, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), EstimatedSeconds: 15);

        public Worker At(TimeProvider time)
        {
            _time = time;
            return this;
        }

        public Task<JobOutcome> RunAsync(JobRun job, CancellationToken cancellationToken)
        {
            Runs.Enqueue(new(_time.GetUtcNow(), Correlation.Current));
            Order order = job.Read<Order>();
            return order.How switch
            {
                "flaky" when Runs.Count <= order.Number => throw new TimeoutException("a secret of ours"),
                "later" when Runs.Count <= order.Number => Task.FromResult(JobOutcome.Later(TimeSpan.FromSeconds(20))),
                "refuse" => throw Problems.InvalidRequest.With("It is not as it should be."),
                _ => Task.FromResult(JobOutcome.Done(new Doubled(order.Number * 2))),
            };
        }
    }
}
