using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using RetryPolicy = Microsoft.DurableTask.RetryPolicy;

namespace FinVault.Tests.Operations;

/// <summary>The whole app with a few orchestrations of these tests, an operator signed in.</summary>
public abstract class OperationsTest : IAsyncLifetime
{
    internal const string Route = "api/v1/operations/orchestrations";

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal AppHost App { get; private set; } = null!;

    internal DurableTaskClient Durable => App.Host.Durable.Client;

    internal Workshop Workshop { get; } = new();

    public virtual async Task InitializeAsync()
    {
        LocalHostOptions options = AppHost.Defaults with
        {
            FunctionTypes = [.. typeof(FinVaultApp).Assembly.GetTypes(), typeof(Orchestrations)],
            Configure = services => services.AddSingleton(Workshop),
        };
        App = await AppHost.StartAsync(options);
        SignIn(Roles.Admin);
    }

    public virtual Task DisposeAsync() => App.DisposeAsync().AsTask();

    internal void SignIn(params string[] roles)
    {
        CurrentUser user = new("USER_01ARZ3NDEKTSV4RRFFQ69G5FAV", "TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAV", roles.ToHashSet());
        App.SignIn(user);
    }

    internal Task StartAsync(string name, string id, object? input = null) =>
        Durable.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id));

    internal async Task EndAsync(string id)
    {
        using CancellationTokenSource patience = new(Patience);
        await Durable.WaitForInstanceCompletionAsync(id, patience.Token);
    }

    internal async Task RunAsync(string name, string id, object? input = null)
    {
        await StartAsync(name, id, input);
        await EndAsync(id);
    }

    internal async Task<(HttpStatusCode Status, string? Code)> OrderAsync(string id, string action, string reason = "why")
    {
        using HttpResponseMessage answer = await App.Client.PostAsJsonAsync($"{Route}/{id}/{action}", new { reason });
        JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, body.TryGetProperty("code", out JsonElement code) ? code.GetString() : null);
    }

    internal async Task<string> StatusAsync(string id) =>
        (await App.GetJsonAsync($"{Route}/{id}")).GetProperty("status").GetString()!;

    internal async Task UntilAsync(string id, string status)
    {
        using CancellationTokenSource patience = new(Patience);
        while (await StatusAsync(id) != status)
        {
            await Task.Delay(10, patience.Token);
        }
    }

    internal async Task<JsonElement[]> StepsAsync(string id) =>
        [.. (await App.GetJsonAsync($"{Route}/{id}/timeline")).GetProperty("data").EnumerateArray()];
}

/// <summary>What the steps of these tests do depends on it.</summary>
public sealed class Workshop
{
    private int _failures;

    /// <summary>While true the activity Break throws.</summary>
    public bool Broken { get; set; }

    /// <summary>How often Break throws, whatever <see cref="Broken"/> says.</summary>
    public void FailNext(int times) => Volatile.Write(ref _failures, times);

    public bool Fails() => Broken || Interlocked.Decrement(ref _failures) >= 0;
}

public sealed record Pay(string TransferId, long Amount);

public sealed record Paid(string[] TransferIds);

public sealed class Orchestrations(Workshop workshop, FinVault.Escrow.Ledger ledger)
{
    [Function(nameof(WaitForGo))]
    public static async Task<int> WaitForGo([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus(new { waitsFor = "Go" });
        return await context.WaitForExternalEvent<int>("Go");
    }

    [Function(nameof(SayHello))]
    public static string SayHello([OrchestrationTrigger] TaskOrchestrationContext context, string name) => $"hello {name}";

    [Function(nameof(BreakOnce))]
    public static async Task<string> BreakOnce([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        string first = await context.CallActivityAsync<string>(nameof(Note), "first");
        return first + await context.CallActivityAsync<string>(nameof(Break), "second");
    }

    /// <summary>A saga: pays, fails, takes the payment back.</summary>
    [Function(nameof(PayAndUndo))]
    public static async Task PayAndUndo([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<Paid>(nameof(PayOut), new Pay("PAY_1", 30));
        try
        {
            TaskOptions twice = TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromMilliseconds(1)));
            await context.CallActivityAsync<string>(nameof(Break), "ship", twice);
        }
        catch (TaskFailedException)
        {
            await context.CallActivityAsync<Paid>(nameof(UndoPayOut), new Pay("PAY_1", 30));
        }
    }

    [Function(nameof(Retries))]
    public static async Task<string> Retries([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallSubOrchestratorAsync<string>(
            nameof(SayHello), "child", new SubOrchestrationOptions { InstanceId = $"{context.InstanceId}-child" });
        TaskOptions thrice = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(1)));
        return await context.CallActivityAsync<string>(nameof(Break), "x", thrice);
    }

    [Function(nameof(Note))]
    public static string Note([ActivityTrigger] string text) => text;

    [Function(nameof(Break))]
    public string Break([ActivityTrigger] string text) =>
        workshop.Fails()
            ? throw new InvalidOperationException($"{text} is broken")
            : text;

    [Function(nameof(PayOut))]
    public async Task<Paid> PayOut([ActivityTrigger] Pay pay)
    {
        await ledger.TransferAsync(new(pay.TransferId, "BANK", "HOST_1", pay.Amount, "INR"), default);
        return new Paid([pay.TransferId]);
    }

    [Function(nameof(UndoPayOut))]
    public async Task<Paid> UndoPayOut([ActivityTrigger] Pay pay)
    {
        await ledger.ReverseAsync(pay.TransferId, "undone", default);
        return new Paid([Transfer.ReversalOf(pay.TransferId)]);
    }
}
