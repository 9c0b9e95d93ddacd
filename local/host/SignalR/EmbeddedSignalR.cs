using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.SignalR.Management;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FinVault.Local.SignalR;

/// <summary>
/// Azure SignalR Service in serverless mode, as far as a Function App sees it, over the framework's own SignalR: clients
/// connect with a token that the app's negotiate function gave them, what they invoke reaches
/// <see cref="OnInvoke"/>, and the app sends by <see cref="SignalRMessageAction"/> or
/// <see cref="ServiceHubContext"/>. Thread-safe.
/// </summary>
public sealed class EmbeddedSignalR : IDisposable
{
    private const int MaximumClientMessageBytes = 1024 * 1024;
    private const int ParallelInvocationsPerClient = 10;

    private readonly JsonSerializerOptions _json;
    private readonly TimeProvider _time;
    private readonly AccessToken _tokens;
    private readonly ConcurrentDictionary<string, HubChannel> _channels = new(StringComparer.Ordinal);
    private readonly FanoutScheduler[] _schedulers;

    /// <param name="folder">Where the key of the access tokens is kept; null makes one for this process.</param>
    /// <param name="time">The clock of the tokens' lifetime.</param>
    /// <param name="json">How arguments and results are written; camelCase unless given.</param>
    /// <param name="pace">
    /// A client is written to at most once in so long, <see cref="DefaultPace"/> unless given; zero writes at once.
    /// </param>
    public EmbeddedSignalR(
        string? folder, TimeProvider time, JsonSerializerOptions? json = null, TimeSpan? pace = null)
        : this(AccessToken.KeyOf(folder), time, json, pace)
    {
    }

    /// <summary>For a foreign host, which has the key as well.</summary>
    internal EmbeddedSignalR(AccessKey key, TimeProvider time, JsonSerializerOptions json)
        : this(key.Bytes, time, json, null)
    {
    }

    private EmbeddedSignalR(byte[] key, TimeProvider time, JsonSerializerOptions? json, TimeSpan? pace)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _json = json ?? JsonSerializerOptions.Web;
        _tokens = new AccessToken(key, time);
        int schedulers = Math.Clamp(Environment.ProcessorCount / 2, 1, 8);
        _schedulers = [.. Enumerable.Range(0, schedulers).Select(_ => new FanoutScheduler(pace ?? DefaultPace))];
    }

    /// <summary>
    /// Half the window in which updates may be gathered (RT-05): enough to bring a window's partitions together.
    /// </summary>
    public static TimeSpan DefaultPace { get; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Runs the function for what a client did: a method it invoked, or that it connected or disconnected. The result is
    /// the client's answer. A <see cref="HubException"/>'s message reaches the client; any other exception is logged and
    /// reaches it as a failure without a reason.
    /// </summary>
    public Func<SignalRInvocationContext, CancellationToken, Task<object?>>? OnInvoke { get; set; }

    /// <summary>Where a foreign host hears what clients did, in place of <see cref="OnInvoke"/>.</summary>
    internal Upstream? Upstream { get; set; }

    /// <summary>Registers the framework's SignalR with this behind it.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(this);
        services.AddSignalR(options =>
        {
            options.KeepAliveInterval = TimeSpan.FromSeconds(15);
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            options.HandshakeTimeout = TimeSpan.FromSeconds(15);
            options.MaximumReceiveMessageSize = MaximumClientMessageBytes;
            options.MaximumParallelInvocationsPerClient = ParallelInvocationsPerClient;
        });
        services.RemoveAll<IHubProtocol>();
        services.AddSingleton<IHubProtocol>(new ServerlessProtocol(_json));
        services.Replace(
            ServiceDescriptor.Singleton<HubLifetimeManager<ServerlessHub>>(new FanoutLifetimeManager()));
        services.Replace(ServiceDescriptor.Singleton<IUserIdProvider>(new TokenUser()));
        services.AddSingleton<ClientConnectionHandler>();
    }

    /// <summary>Maps the client endpoint, <c>/client/?hub=NAME</c>.</summary>
    public void Map(IEndpointRouteBuilder endpoints) => new ClientEndpoint(this, _tokens).Map(endpoints);

    /// <summary>Maps the REST API by which a foreign host sends and manages groups.</summary>
    internal void MapRest(IEndpointRouteBuilder endpoints) => new RestEndpoint(this, _tokens).Map(endpoints);

    /// <summary>What a client needs to connect to <paramref name="hub"/> as <paramref name="userId"/>.</summary>
    /// <param name="hub">The hub's name.</param>
    /// <param name="userId">Who it will be, or null for nobody in particular.</param>
    /// <param name="requestBase">Scheme, host and port by which the client reached this server.</param>
    /// <param name="claims">Further claims, which functions see in <see cref="SignalRInvocationContext.Claims"/>.</param>
    public SignalRConnectionInfo Negotiate(
        string hub, string? userId, Uri requestBase, IEnumerable<Claim>? claims = null)
    {
        string name = hub.ToLowerInvariant();
        string audience = ClientEndpoint.AudienceOf(name);
        return new SignalRConnectionInfo
        {
            Url = new Uri(requestBase, audience).ToString(),
            AccessToken = _tokens.Issue(audience, string.IsNullOrEmpty(userId) ? null : userId, claims ?? []),
        };
    }

    /// <summary>The context by which the app sends to <paramref name="hub"/> and manages its groups.</summary>
    public ServiceHubContext GetHubContext(string hub) => new EmbeddedHubContext(this, hub, ChannelOf(hub));

    /// <summary>Sends one message. It is queued for each client when this returns; no client is waited for.</summary>
    public Task SendAsync(string hub, SignalRMessageAction action, CancellationToken cancellation) =>
        SendAsync(hub, [action], cancellation);

    /// <summary>Sends messages; those that one client gets reach it in one write.</summary>
    public Task SendAsync(string hub, IReadOnlyList<SignalRMessageAction> actions, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ChannelOf(hub).Send(actions);
        return Task.CompletedTask;
    }

    /// <summary>Stops the rounds; the connections are the framework's to close.</summary>
    public void Dispose()
    {
        foreach (FanoutScheduler scheduler in _schedulers)
        {
            scheduler.Dispose();
        }
    }

    internal HubChannel ChannelOf(string hub) =>
        _channels.GetOrAdd(hub.ToLowerInvariant(), static (_, own) => new HubChannel(own._json, own._time), this);

    internal FanoutScheduler SchedulerFor(string connection) =>
        _schedulers[(uint)connection.GetHashCode(StringComparison.Ordinal) % (uint)_schedulers.Length];
}
