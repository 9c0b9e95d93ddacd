using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace FinVault.Local.SignalR;

/// <summary>The client endpoint <c>/client/?hub=NAME</c>: who may connect, and over which transports.</summary>
internal sealed class ClientEndpoint(EmbeddedSignalR signalR, AccessToken tokens)
{
    public const string Path = "/client";
    private const int MaximumHubName = 128;
    private const string Bearer = "Bearer ";

    public static string AudienceOf(string hub) => $"{Path}/?hub={hub}";

    /// <summary>The hub that a request names, or null when that is no name. Azure's hub names do not tell case apart.</summary>
    public static string? HubOf(HttpRequest request) =>
        request.Query["hub"].ToString() is { Length: > 0 and <= MaximumHubName } hub
        && hub.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? hub.ToLowerInvariant()
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
        if (tokens.Check(TokenOf(context.Request), AudienceOf(hub), ignoreExpiry: connected) is not { } user)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        context.User = user;
        ShareWebSocket(context);
        return next(context);
    }

    private void ShareWebSocket(HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            var queue = new OutboundQueue(signalR.SchedulerFor(context.TraceIdentifier));
            context.Features.Set<IHttpWebSocketFeature>(new SharedWebSocketFeature(context, upgrade, queue));
        }
    }

    // A browser cannot set headers on a WebSocket or an event stream, so it is in the query there.
    private static string TokenOf(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? header[Bearer.Length..].Trim()
            : request.Query["access_token"].ToString();
    }
}
