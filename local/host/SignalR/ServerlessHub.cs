using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace FinVault.Local.SignalR;

/// <summary>The framework's hub, which passes everything that clients do to the app's functions, as Azure does.</summary>
internal sealed partial class ServerlessHub(EmbeddedSignalR signalR, ILogger<ServerlessHub> logger) : Hub
{
    private const string Connected = "connected";
    private const string Disconnected = "disconnected";

    public override async Task OnConnectedAsync() => await TellAsync(Connected, null);

    public override async Task OnDisconnectedAsync(Exception? exception) => await TellAsync(Disconnected, exception);

    /// <summary>Every invocation by a client, see <see cref="ServerlessProtocol"/>.</summary>
    public async Task<object?> Invoke(string target, JsonElement[] arguments, string? invocationId)
    {
        SignalRInvocationContext invocation = Describe(SignalRInvocationCategory.Messages, target);
        invocation.Arguments = [.. arguments.Select(argument => (object)argument)];
        try
        {
            return Run(invocation, invocationId, Context.ConnectionAborted) is { } running
                ? await running
                : throw new HubException($"There is no function for '{target}'.");
        }
        catch (Exception exception) when (exception is not HubException)
        {
            if (!Context.ConnectionAborted.IsCancellationRequested)
            {
                LogInvocationFailed(logger, exception, target, Context.ConnectionId);
            }

            // The client learns that it failed; why is for those who run the app.
            throw new HubException($"'{target}' failed.");
        }
    }

    // A connection lives whether or not the function that is told of it succeeds.
    private async Task TellAsync(string what, Exception? error)
    {
        SignalRInvocationContext invocation = Describe(SignalRInvocationCategory.Connections, what);
        invocation.Error = error?.Message;
        try
        {
            await (Run(invocation, null, CancellationToken.None) ?? Task.CompletedTask);
        }
        catch (Exception exception)
        {
            LogInvocationFailed(logger, exception, what, Context.ConnectionId);
        }
    }

    // Null where nobody is to be told.
    private Task<object?>? Run(SignalRInvocationContext invocation, string? id, CancellationToken cancellation) =>
        signalR.Upstream is { } upstream
            ? upstream.InvokeAsync(invocation, id, cancellation)
            : signalR.OnInvoke?.Invoke(invocation, cancellation);

    private SignalRInvocationContext Describe(SignalRInvocationCategory category, string what)
    {
        HttpContext? http = Context.GetHttpContext();
        return new SignalRInvocationContext
        {
            Category = category,
            Event = what,
            Hub = HubOf(Context),
            ConnectionId = Context.ConnectionId,
            UserId = Context.UserIdentifier!,
            Arguments = [],
            Claims = (Context.User?.Claims ?? []).GroupBy(claim => claim.Type)
                .ToDictionary(group => group.Key, group => new StringValues([.. group.Select(claim => claim.Value)])),
            Headers = Copy(http?.Request.Headers, leaveOut: "Authorization"),
            Query = Copy(http?.Request.Query, leaveOut: "access_token"),
        };
    }

    private static string HubOf(HubCallerContext context) =>
        (string)context.Items[ClientConnectionHandler.HubItem]!;

    private static Dictionary<string, StringValues> Copy(
        IEnumerable<KeyValuePair<string, StringValues>>? values, string leaveOut) =>
        (values ?? []).Where(entry => !entry.Key.Equals(leaveOut, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);

    [LoggerMessage(2001, LogLevel.Error, "SignalR function for '{Target}' failed, connection {ConnectionId}")]
    private static partial void LogInvocationFailed(
        ILogger logger, Exception exception, string target, string connectionId);
}
