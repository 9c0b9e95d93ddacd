using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Local.Hosting;
using FinVault.Tests.Local.Hosting;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Local.Durable;

/// <summary>Orchestrators, activities and clients as functions of an app on the local host.</summary>
public sealed class DurableFunctionTests
{
    [Fact]
    public async Task App_StartsAnOrchestrationOverHttp_AndFollowsItByItsLinks()
    {
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Functions)], [new Journal()]);
        using HttpResponseMessage answer =
            await app.Client.PostAsJsonAsync("/api/v1/transfers/t-1", new { from = "a", to = "b", minor = 500 });
        JsonElement links = await AppHost.ReadJsonAsync(answer);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await app.Host.Durable.Client.WaitForInstanceCompletionAsync("t-1");
        JsonElement status = await app.GetJsonAsync(links.GetProperty("statusQueryGetUri").GetString()!);
        Assert.Equal("Completed", status.GetProperty("runtimeStatus").GetString());
        Assert.Equal("a pays 500, b gets 500 for t-1", status.GetProperty("output").GetString());
    }

    [Fact]
    public async Task Middleware_WrapsActivitiesOnceAndOrchestratorsOnEveryPass()
    {
        Journal journal = new();
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Functions)], [journal], worker => worker.Use(
            next => async context =>
            {
                journal.Add("in " + context.FunctionDefinition.Name);
                await next(context);
                journal.Add("out " + context.FunctionDefinition.Name);
            }));
        await Run(app, "Transfer", new Transfer("a", "b", 1), "t-2");

        string[] entries = [.. journal.Entries.Where(e => !e.Contains("log", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "in Transfer", "in Debit", "out Debit", "in Transfer", "in credit", "out credit", "in Transfer",
                "out Transfer",
            ],
            entries.Select(e => e.Replace("Credit", "credit", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ReplaySafeLogger_SpeaksOnceHoweverOftenThePassesAre()
    {
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Functions)], [new Journal()]);
        await Run(app, "Transfer", new Transfer("a", "b", 1), "t-3");
        Assert.Single(app.Logs.All, log => log.Message.Contains("transfer t-3 begins", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HostJson_GivesVersionAndBounds()
    {
        LocalHostOptions options = AppHost.Defaults with
        {
            HostJson = """
                {
                  "version": "2.0",
                  "extensions": { "durableTask": { "defaultVersion": "1.4.0", "extendedSessionsEnabled": true } }
                }
                """,
        };
        await using AppHost app = await Start(options);
        Assert.Equal("1.4.0", (await Run(app, "Version", null, "v")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task HostJson_WithAWrongSetting_IsRefusedByItsName()
    {
        LocalHostOptions options = AppHost.Defaults with
        {
            HostJson = """
                { "version": "2.0", "extensions": { "durableTask": { "maxConcurrentActivityFunctions": 0 } } }
                """,
        };
        StartupException refused = await Assert.ThrowsAsync<StartupException>(
            () => Start(options));
        Assert.Contains("maxConcurrentActivityFunctions", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Declarations_ThatCannotWork_AreRefusedByFunction()
    {
        StartupException refused = await Assert.ThrowsAsync<StartupException>(
            () => AppHost.WithFunctionsAsync([typeof(Wrong)]));
        Assert.Contains("'NotAContext'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'NotAClient'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("the same activity 'same'", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Host_WhenStoppedAndStartedOverTheSameFolder_GoesOn()
    {
        using TestFolder folder = new();
        LocalHostOptions options = AppHost.Defaults with { Data = folder.Name };
        await using (AppHost first = await Start(options))
        {
            await first.Host.Durable.Client.ScheduleNewOrchestrationInstanceAsync(
                "Waits", new StartOrchestrationOptions("w"));
            await first.Host.Durable.Client.WaitForInstanceStartAsync("w");
        }

        await using AppHost second = await Start(options);
        await second.Host.Durable.Client.RaiseEventAsync("w", "Go", 5);
        OrchestrationMetadata ended = await second.Host.Durable.Client.WaitForInstanceCompletionAsync("w", true);
        Assert.Equal(5, ended.ReadOutputAs<int>());
    }

    static Task<AppHost> Start(LocalHostOptions options) =>
        AppHost.WithFunctionsAsync([typeof(Functions)], [new Journal()], options: options);

    static async Task<OrchestrationMetadata> Run(AppHost app, string name, object? input, string id)
    {
        DurableTaskClient client = app.Host.Durable.Client;
        await client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id));
        OrchestrationMetadata ended = await client.WaitForInstanceCompletionAsync(id, true);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        return ended;
    }

    public sealed record Transfer(string From, string To, long Minor);

    public sealed class Functions(Journal journal)
    {
        [Function("StartTransfer")]
        public static async Task<IResult> Start(
            [HttpTrigger("post", Route = "transfers/{id}")] HttpRequest request,
            string id,
            [DurableClient] DurableTaskClient client)
        {
            Transfer? transfer = await request.ReadFromJsonAsync<Transfer>();
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(Transfer), transfer, new StartOrchestrationOptions(id));
            return Results.Accepted(null, client.CreateHttpManagementPayload(id));
        }

        [Function(nameof(Transfer))]
        public static async Task<string> Run(
            [OrchestrationTrigger] TaskOrchestrationContext context, Transfer transfer)
        {
            context.CreateReplaySafeLogger<Functions>().LogInformation("transfer {Id} begins", context.InstanceId);
            string paid = await context.CallActivityAsync<string>(nameof(Debit), transfer);
            return paid + ", " + await context.CallActivityAsync<string>("credit", transfer);
        }

        [Function(nameof(Debit))]
        public string Debit([ActivityTrigger] Transfer transfer)
        {
            journal.Add("log debit");
            return $"{transfer.From} pays {transfer.Minor}";
        }

        [Function("Credit")]
        public static Task<string> Credit(
            [ActivityTrigger(Activity = "credit")] Transfer transfer, string instanceId, FunctionContext function) =>
            Task.FromResult($"{transfer.To} gets {transfer.Minor} for {instanceId}"
                + (function.CancellationToken.CanBeCanceled ? "" : "?"));

        [Function("Waits")]
        public static Task<int> Waits([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.WaitForExternalEvent<int>("Go");

        [Function("Version")]
        public static string Version([OrchestrationTrigger] TaskOrchestrationContext context) => context.Version;
    }

    public static class Wrong
    {
        [Function("NotAContext")]
        public static void NotAContext([OrchestrationTrigger] string context) => _ = context;

        [Function("NotAClient")]
        public static void NotAClient([HttpTrigger("get")] HttpRequest request, [DurableClient] string client) =>
            _ = (request, client);

        [Function("One")]
        public static void One([ActivityTrigger(Activity = "same")] string input) => _ = input;

        [Function("Two")]
        public static void Two([ActivityTrigger(Activity = "Same")] string input) => _ = input;
    }
}
