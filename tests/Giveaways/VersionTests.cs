using System.Text.Json;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Local.Hosting;
using FinVault.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Tests.Giveaways;

/// <summary>A deploy while giveaways and sagas are in flight.</summary>
public sealed class VersionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("finvault-version-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Trap7_SagaCodeChangedWithAnInstanceInFlight_OldOneCompletesAsItBegan_NewOneAsItIsNow()
    {
        await using (AppHost before = await StartAsync(typeof(Before), "1.0.0"))
        {
            await BeginAsync(before, "old");
        }

        await using AppHost after = await StartAsync(typeof(After), "1.1.0");
        await BeginAsync(after, "new");
        Assert.Equal("hold, schedule", await EndAsync(after, "old"));
        Assert.Equal("look, hold, schedule", await EndAsync(after, "new"));
    }

    [Fact]
    public async Task Trap7_SagaCodeChangedWithoutLookingAtTheVersion_IsNamedAndDoesNothing()
    {
        await using (AppHost before = await StartAsync(typeof(Before), "1.0.0"))
        {
            await BeginAsync(before, "old");
        }

        await using AppHost after = await StartAsync(typeof(Careless), "1.1.0");
        await after.Host.Durable.Client.RaiseEventAsync("old", "Go");
        OrchestrationMetadata ended = await after.Host.Durable.Client.WaitForInstanceCompletionAsync("old", true);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Contains("Look", ended.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trap7_GiveawayInFlightOverADeploy_CompletesUnderTheNewVersion()
    {
        string id;
        GiveawayPlan plan;
        await using (GiveawayApp app = await GiveawayApp.StartAsync(
            options: o => o with { Data = Data }, start: DateTimeOffset.UtcNow.AddMinutes(-10)))
        {
            plan = app.Plan(DrawMode.SlotMachine, prizes: 1);
            id = await app.ActiveAsync(plan);
        }

        string host = await File.ReadAllTextAsync(Repository.PathTo("host.json"));
        string next = host.Replace("\"defaultVersion\": \"1.0.0\"", "\"defaultVersion\": \"1.1.0\"", StringComparison.Ordinal);
        Assert.NotEqual(host, next);
        await using GiveawayApp after = await GiveawayApp.OpenAsync(SagaHost.Options(Data) with { HostJson = next });
        await after.StateAsync(id, "past");
        Assert.Equal((GiveawayApp.Wealth, 0), await after.MoneyAsync());
        OrchestrationMetadata lifecycle = (await after.App.Host.Durable.Client.GetInstanceAsync(id))!;
        Assert.NotEqual(OrchestrationRuntimeStatus.Failed, lifecycle.RuntimeStatus);
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    private Task<AppHost> StartAsync(Type saga, string version) => AppHost.WithFunctionsAsync(
        [saga], options: AppHost.Defaults with
        {
            Data = Data,
            HostJson = $$"""
                { "version": "2.0", "extensions": { "durableTask": { "defaultVersion": "{{version}}" } } }
                """,
        });

    private static async Task BeginAsync(AppHost app, string id)
    {
        await app.Host.Durable.Client.ScheduleNewOrchestrationInstanceAsync("Saga", new StartOrchestrationOptions(id));
        await Eventually.TrueAsync(
            async () => (await app.Host.Durable.Client.GetInstanceAsync(id, true))?.SerializedCustomStatus is not null,
            $"{id} waits");
    }

    private static async Task<string?> EndAsync(AppHost app, string id)
    {
        await app.Host.Durable.Client.RaiseEventAsync(id, "Go");
        OrchestrationMetadata ended = await app.Host.Durable.Client.WaitForInstanceCompletionAsync(id, true);
        Assert.True(ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{ended.FailureDetails}");
        return ended.ReadOutputAs<string>();
    }

    private static async Task<string> RestAsync(TaskOrchestrationContext context)
    {
        string held = await context.CallActivityAsync<string>("Hold");
        context.SetCustomStatus("waits");
        await context.WaitForExternalEvent<object>("Go");
        return $"{held}, {await context.CallActivityAsync<string>("Schedule")}";
    }

    public static class Before
    {
        [Function("Saga")]
        public static Task<string> Saga([OrchestrationTrigger] TaskOrchestrationContext context) => RestAsync(context);

        [Function("Hold")]
        public static string Hold([ActivityTrigger] string? input) => "hold";

        [Function("Schedule")]
        public static string Schedule([ActivityTrigger] string? input) => "schedule";
    }

    /// <summary>Looks at the wallet first, for instances that began under this version or a later one.</summary>
    public static class After
    {
        [Function("Saga")]
        public static async Task<string> Saga([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CompareVersionTo("1.1.0") < 0
                ? await RestAsync(context)
                : $"{await context.CallActivityAsync<string>("Look")}, {await RestAsync(context)}";

        [Function("Look")]
        public static string Look([ActivityTrigger] string? input) => "look";

        [Function("Hold")]
        public static string Hold([ActivityTrigger] string? input) => "hold";

        [Function("Schedule")]
        public static string Schedule([ActivityTrigger] string? input) => "schedule";
    }

    /// <summary>The same change, for every instance.</summary>
    public static class Careless
    {
        [Function("Saga")]
        public static async Task<string> Saga([OrchestrationTrigger] TaskOrchestrationContext context) =>
            $"{await context.CallActivityAsync<string>("Look")}, {await RestAsync(context)}";

        [Function("Look")]
        public static string Look([ActivityTrigger] string? input) => "look";

        [Function("Hold")]
        public static string Hold([ActivityTrigger] string? input) => "hold";

        [Function("Schedule")]
        public static string Schedule([ActivityTrigger] string? input) => "schedule";
    }
}
