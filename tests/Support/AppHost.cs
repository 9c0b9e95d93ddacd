using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Support;

/// <summary>A local host in this process, on a free port, with nothing kept and nothing fed unless a test asks.</summary>
public sealed class AppHost : IAsyncDisposable
{
    /// <summary>A host.json that says nothing but the route prefix.</summary>
    public const string PlainHostJson = """{ "version": "2.0", "extensions": { "http": { "routePrefix": "api/v1" } } }""";

    /// <summary>Tests call faster than any user may; where limits are tested, this is set to true.</summary>
    private const string LimitsSetting = "RateLimits:enabled";

    /// <summary>Passwords of tests guard nothing: to stretch them was a quarter of what all tests took.</summary>
    private const int FewRounds = 100;

    private AppHost(LocalHost host, CapturedLogs logs)
    {
        Host = host;
        Logs = logs;
        Sessions = new TestSessions(host.Services);
        Client = new HttpClient(new TestSessions.Handler(Sessions)) { BaseAddress = host.BaseAddress };
    }

    public LocalHost Host { get; }

    /// <summary>Calls the app; after <see cref="SignIn"/> as somebody.</summary>
    public HttpClient Client { get; }

    /// <summary>For who calls by another client.</summary>
    public TestSessions Sessions { get; }

    /// <summary>Everything that was logged at Debug and above.</summary>
    public CapturedLogs Logs { get; }

    public static LocalHostOptions Defaults { get; } = new()
    {
        Urls = "http://127.0.0.1:0",
        Data = LocalHostOptions.Memory,
        Feed = "none",
        AmqpPort = 0,
        MailPort = 0,
        Web = false,
        DemoAccounts = false,
        Settings = new Dictionary<string, string?> { [LimitsSetting] = "false" },
        Blobs = false,
    };

    /// <summary>FinVault itself.</summary>
    public static async Task<AppHost> StartAsync(LocalHostOptions? options = null)
    {
        var logs = new CapturedLogs();
        LocalHostOptions chosen = WithoutLimits(options ?? Defaults);
        if (chosen.HostJson is null && chosen.Time != TimeProvider.System)
        {
            chosen = chosen with { Adjust = chosen.Adjust ?? StandStill };
        }

        LocalHost host = await LocalHost.StartAsync(chosen with
        {
            Configure = services =>
            {
                services.AddLogging(logging => logging.AddProvider(logs));
                services.AddSingleton(all => new Passwords(FewRounds, all.GetRequiredService<PasswordPepper>()));
                chosen.Configure?.Invoke(services);
            },
        });
        return new AppHost(host, logs);
    }

    /// <summary>Only these function classes, without FinVault's services and middleware.</summary>
    /// <param name="shared">Objects that function classes ask for in their constructors.</param>
    public static Task<AppHost> WithFunctionsAsync(
        IReadOnlyList<Type> functions,
        IReadOnlyList<object>? shared = null,
        Action<IFunctionsWorkerApplicationBuilder>? app = null,
        LocalHostOptions? options = null) => StartAsync(ForFunctions(functions, shared, app, options));

    public static LocalHostOptions ForFunctions(
        IReadOnlyList<Type> functions,
        IReadOnlyList<object>? shared = null,
        Action<IFunctionsWorkerApplicationBuilder>? app = null,
        LocalHostOptions? options = null) => (options ?? Defaults) with
        {
            FunctionTypes = functions,
            HostJson = options?.HostJson ?? PlainHostJson,
            App = (worker, _) => app?.Invoke(worker),
            Configure = services =>
            {
                foreach (object instance in shared ?? [])
                {
                    services.AddSingleton(instance.GetType(), instance);
                }

                options?.Configure?.Invoke(services);
            },
        };

    /// <summary>How many timers of <paramref name="clock"/> a host without functions has set, for tests that wait for more.</summary>
    public static async Task<int> IdleTimersAsync(ManualClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        await using AppHost idle = await WithFunctionsAsync([], options: Defaults with { Time = clock });
        return clock.PendingTimers;
    }

    /// <summary>Lets <see cref="Client"/> call as a user, with these roles in this tenant.</summary>
    public void SignIn(CurrentUser user) => Client.DefaultRequestHeaders.Authorization = Sessions.HeaderOf(user);

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(path);
        return await ReadJsonAsync(answer);
    }

    public async Task<JsonElement> PostJsonAsync(string path, object body)
    {
        using HttpResponseMessage answer = await Client.PostAsJsonAsync(path, body);
        return await ReadJsonAsync(answer);
    }

    /// <summary>Fails with the answer's text when it is no success.</summary>
    public static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    // The hub gathers a batch for a while by the host's clock, which a test lets stand still; and a limit on every function
    // is a timer more, where tests wait for as many as they know of. A host.json of a test's own is as it says.
    private static HostJson StandStill(HostJson app) => app with
    {
        FunctionTimeout = null,
        EventHubs = app.EventHubs with { MinEventBatchSize = 1 },
    };

    private static LocalHostOptions WithoutLimits(LocalHostOptions options) => options with
    {
        Settings = new Dictionary<string, string?>(options.Settings ?? new Dictionary<string, string?>())
        {
            [LimitsSetting] = options.Settings?.GetValueOrDefault(LimitsSetting) ?? "false",
        },
    };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Sessions.Dispose();
        await Host.DisposeAsync();
    }
}
