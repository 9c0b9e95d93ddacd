using System.Reflection;
using FinVault.Local.EventHubs.Amqp;
using FinVault.Local.Notifications;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.Hosting;

/// <summary>What the local host is asked to run. Every default is what a newcomer's <c>dotnet run</c> gets.</summary>
public sealed record LocalHostOptions
{
    public const string Memory = ":memory:";

    /// <summary>Addresses to listen on, separated by ';'. Port 0 takes a free one.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:7071";

    /// <summary>State folder, or <see cref="Memory"/> to keep nothing.</summary>
    public string Data { get; init; } = ".finvault";

    /// <summary>A file of recorded ticks to play into the event hub.</summary>
    public string? Replay { get; init; }

    /// <summary>A factor (1 is as recorded) or <c>max</c>.</summary>
    public string Speed { get; init; } = "1";

    /// <summary><c>demo</c>, <c>none</c>, or null: the demo feed unless something is replayed.</summary>
    public string? Feed { get; init; }

    /// <summary>Only the embedded services, for another Functions host.</summary>
    public bool Services { get; init; }

    /// <summary>Where the event hub listens for AMQP with <see cref="Services"/>. Port 0 takes a free one.</summary>
    public int AmqpPort { get; init; } = AmqpEndpoint.DefaultPort;

    /// <summary>Where a mail server listens with <see cref="Services"/>. Port 0 takes a free one.</summary>
    public int MailPort { get; init; } = SmtpSink.DefaultPort;

    /// <summary>
    /// Where SignalR tells a foreign host what clients do, with <see cref="Services"/>. In it stand <c>{hub}</c>,
    /// <c>{category}</c> and <c>{event}</c> for those.
    /// </summary>
    public string Upstream { get; init; } = SignalR.Upstream.Default;

    /// <summary>Partitions of the event hub; null takes what the data folder was made with, or 4.</summary>
    public int? Partitions { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called after everything else was registered, so it can replace anything.</summary>
    public Action<IServiceCollection>? Configure { get; init; }

    /// <summary>App settings; they win over environment variables.</summary>
    public IReadOnlyDictionary<string, string?>? Settings { get; init; }

    /// <summary>Serve (and on first run build) the web client.</summary>
    public bool Web { get; init; } = true;

    /// <summary>Start Blob Storage (and on first run install it) for uploads.</summary>
    public bool Blobs { get; init; } = true;

    /// <summary>The Node.js program that Blob Storage runs on.</summary>
    public string Node { get; init; } = "node";

    /// <summary>Make accounts of the made-up users, so that one can sign in at once.</summary>
    public bool DemoAccounts { get; init; } = true;

    /// <summary>The assembly whose <c>[Function]</c> methods run, unless <see cref="FunctionTypes"/> says otherwise.</summary>
    public Assembly Functions { get; init; } = typeof(FinVaultApp).Assembly;

    /// <summary>Exactly these classes' functions, in place of an assembly's.</summary>
    public IReadOnlyList<Type>? FunctionTypes { get; init; }

    /// <summary>The app's own registrations and middleware.</summary>
    public Action<IFunctionsWorkerApplicationBuilder, IConfiguration> App { get; init; } =
        static (worker, configuration) => worker.AddFinVault(configuration);

    /// <summary>The text of host.json, in place of the file beside the program.</summary>
    public string? HostJson { get; init; }

    /// <summary>Changes what host.json says once it is read, for tests that need one of its settings otherwise.</summary>
    public Func<HostJson, HostJson>? Adjust { get; init; }

    /// <summary>How long a stop waits for what is running. Azure gives a draining instance far longer.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Write logs and the start-up lines to the console.</summary>
    public bool Console { get; init; }

    /// <summary>The web client's sources, in place of the clone's own.</summary>
    internal string? WebSources { get; init; }

    internal bool InMemory => Data == Memory;

    internal string FeedOrDefault => Feed ?? (Replay is null && !Services ? "demo" : "none");
}
