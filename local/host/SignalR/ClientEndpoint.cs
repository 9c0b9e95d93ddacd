using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace FinVault.Local.SignalR;

/// <summary>The client endpoint <c>/client/?hub=NAME</c>: who may connect, and over which transports.</summary>
internal sealed class ClientEndpoint(EmbeddedSignalR signalR, AccessToken tokens)
{
    public const string Path = "/client";
    private const int MaximumHubName = 128;

    public static string AudienceOf(string hub) => $"{Path}/?hub={hub}";

    /// <summary>The hub that a request names, or null when that is no name.</summary>
    public static string? HubOf(HttpRequest request) => HubNamed(request.Query["hub"].ToString());

    /// <summary>A hub's name as it is kept, or null when it is none. Azure's hub names do not tell case apart.</summary>
    public static string? HubNamed(string name) =>
        name is { Length: > 0 and <= MaximumHubName } && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? name.ToLowerInvariant()
            : null;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var options = new HttpConnectionDispatcherOptions
        {
            // A client that reads nothing for a while is told what it missed and not thrown out; see OutboundQueue.
            TransportSendTimeout = TimeSpan.FromMinutes(5),
        };
        endpoints.MapConnections(Path, options, connection => connection.UseConnectionHandler<ClientConnectionHandler>())
            .Add(endpoint =>
            {
                RequestDelegate next = endpoint.RequestDelegate!;
                endpoint.RequestDelegate = context => HandleAsync(context, next);
            });
    }

    private Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            return next(context);
        }

        if (HubOf(context.Request) is not { } hub)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync("The query must name the hub: ?hub=NAME.");
        }

        // Whoever has a connection's id has shown a valid token when it was given to him.
        bool connected = context.Request.Query.ContainsKey("id");
        if (tokens.Check(AccessToken.Of(context.Request), audience => IsFor(audience, hub), connected) is not { } user)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        context.User = user;
        ShareWebSocket(context);
        return next(context);
    }

    // A foreign host writes the whole address, by the name by which it knows this one: a browser may come by another.
    private static bool IsFor(string audience, string hub) => audience == AudienceOf(hub)
        || Uri.TryCreate(audience, UriKind.Absolute, out Uri? address)
        && address.PathAndQuery.Equals(AudienceOf(hub), StringComparison.OrdinalIgnoreCase);

    private void ShareWebSocket(HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            var queue = new OutboundQueue(signalR.SchedulerFor(context.TraceIdentifier));
            context.Features.Set<IHttpWebSocketFeature>(new SharedWebSocketFeature(context, upgrade, queue));
        }
    }
}
