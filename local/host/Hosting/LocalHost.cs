using System.Net.Sockets;
using FinVault.Identity;
using FinVault.Local.Blobs;
using FinVault.Local.Cosmos;
using FinVault.Local.Durable;
using FinVault.Local.EventHubs;
using FinVault.Local.EventHubs.Amqp;
using FinVault.Local.Feed;
using FinVault.Local.Identity;
using FinVault.Local.Notifications;
using FinVault.Local.Payments;
using FinVault.Local.Portfolios;
using FinVault.Local.SignalR;
using FinVault.Local.Web;
using FinVault.Platform;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Cosmos;

namespace FinVault.Local.Hosting;

/// <summary>
/// FinVault in one process: the app's own function classes on an embedded Functions runtime, with embedded Event Hubs,
/// Cosmos DB and SignalR. Start it, use it over HTTP and SignalR, stop or dispose it; a stop drains.
/// </summary>
public sealed class LocalHost : IAsyncDisposable
{
    private readonly LocalHostOptions _options;
    private readonly LocalResources _resources;
    private readonly WebApplication _app;
    private readonly DrainGate _gate;
    private readonly List<FunctionListener> _listeners = [];
    private readonly CancellationTokenSource _feeding = new();
    private int _stopped;

    private LocalHost(LocalHostOptions options, LocalResources resources, WebApplication app)
    {
        (_options, _resources, _app) = (options, resources, app);
        _gate = app.Services.GetRequiredService<DrainGate>();
    }

    public Uri BaseAddress { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public EmbeddedEventHub Hub => _resources.Hub;

    public EmbeddedCosmos Cosmos => _resources.Cosmos;

    public EmbeddedBlobs Blobs => Services.GetRequiredService<EmbeddedBlobs>();

    public EmbeddedSignalR SignalR => _resources.SignalR;

    /// <summary>The event hub for clients of Azure's libraries, with <see cref="LocalHostOptions.Services"/>.</summary>
    internal AmqpEndpoint Amqp => Services.GetRequiredService<AmqpEndpoint>();

    /// <summary>The mail server, with <see cref="LocalHostOptions.Services"/>.</summary>
    internal SmtpSink Mail => Services.GetRequiredService<SmtpSink>();

    public DurableEngine Durable => Services.GetRequiredService<DurableEngine>();

    /// <summary>The functions that were found, empty with <see cref="LocalHostOptions.Services"/>.</summary>
    public IReadOnlyList<FunctionModel> Functions => _app.Services.GetRequiredService<IReadOnlyList<FunctionModel>>();

    /// <summary>What plays ticks in. Faults when a replay's file is bad; ends when a replay was consumed.</summary>
    public Task Feeding { get; private set; } = Task.CompletedTask;

    /// <exception cref="StartupException">Everything that keeps it from starting, in sentences.</exception>
    public static async Task<LocalHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        LocalResources? resources = null;
        LocalHost? host = null;
        try
        {
            LocalHostPlan plan = LocalHostPlan.Make(options);
            resources = LocalResources.Open(options, plan.HubName);
            host = new LocalHost(options, resources, plan.Build(resources));
            await host.RunAsync(cancellationToken);
            return host;
        }
        catch
        {
            // What did open must not keep the next attempt from its folder.
            await (host?.DisposeAsync() ?? resources?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <summary>
    /// Drains: feeds end, nothing new is let in, running invocations finish and their batches are checkpointed, everything
    /// is flushed. After <see cref="LocalHostOptions.DrainTimeout"/> what still runs is cancelled.
    /// </summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            return;
        }

        using var abort = new CancellationTokenSource(_options.DrainTimeout);
        await _feeding.CancelAsync();
        await Feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Its WebSockets are requests, which would else be waited for.
        await Amqp.StopAsync(abort.Token);
        await Mail.StopAsync();
        Task requests = _gate.CloseAsync(abort.Token);
        await Task.WhenAll([requests, .. _listeners.Select(listener => listener.StopAsync(abort.Token))])
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.StopAsync(abort.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _listeners.ForEach(listener => listener.Dispose());
        await _app.DisposeAsync();
        await _resources.DisposeAsync();
        _feeding.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        LocalHostServices.CheckConstructors(Functions, Services);
        await Cosmos.EnsureCreatedAsync(Containers.Database, Containers.All, cancellationToken);
        if (_options is { DemoAccounts: true, Services: false } && Services.GetService<AccountStore>() is not null)
        {
            await Services.GetRequiredService<DemoAccounts>().EnsureAsync(Services, cancellationToken);
            await DemoPortfolio.EnsureAsync(Services, cancellationToken);
        }

        SignalR.OnInvoke = Services.GetRequiredService<SignalRDispatch>().InvokeAsync;
        SignalR.Upstream = _options.Services ? Services.GetRequiredService<Upstream>() : null;

        // The SDK begins work of its own where its client is made. Where the first to ask for one is an orchestrator that
        // goes on after a restart, that would be on its thread, which takes it for an await that is not durable.
        _ = Services.GetRequiredService<CosmosClient>();
        await ListenAsync(cancellationToken);
        foreach (FunctionModel function in Functions)
        {
            if (function.Kind.CreateListener(function, Services) is { } listener)
            {
                _listeners.Add(listener);
                await listener.StartAsync(cancellationToken);
            }
        }

        Services.GetRequiredService<WebClient>().StartBuild();
        StartBlobs();
        Banner.Print(_options, this);
        Feeding = Services.GetRequiredService<FeedRunner>().RunAsync(BaseAddress, _feeding.Token);
    }

    private void StartBlobs()
    {
        if (_options.Blobs && !_options.Services)
        {
            // A browser on this machine may know it by either name.
            string[] own = [$"http://127.0.0.1:{BaseAddress.Port}", $"http://localhost:{BaseAddress.Port}"];
            Blobs.Start([.. own, .. LocalHostServices.DevelopmentOrigins]);
        }
    }

    private void StartPorts()
    {
        if (_options.Services)
        {
            Start("--amqp-port", _options.AmqpPort, Amqp.Start);
            Start("--mail-port", _options.MailPort, Mail.Start);
        }
    }

    private static void Start(string option, int port, Action<int> start)
    {
        try
        {
            start(port);
        }
        catch (SocketException taken)
        {
            throw new StartupException($"{option} {port}: {taken.Message}");
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException taken)
        {
            throw new StartupException($"--urls {_options.Urls}: {taken.Message}");
        }

        StartPorts();
        string address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        BaseAddress = new Uri(address.Replace("[::]", "localhost", StringComparison.Ordinal)
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal));
        Durable.BaseAddress = BaseAddress;
        LocalIdentity.SetAddress(_app.Configuration, BaseAddress);
        SimulatedPayments.Start(_app, BaseAddress, _options);
    }
}
