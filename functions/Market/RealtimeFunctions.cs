using FinVault.Identity;
using FinVault.Market.Live;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Market;

/// <summary>The live connection: where to connect, what to watch, and the word that a feed has fallen silent.</summary>
public sealed class RealtimeFunctions(
    Watching watching, FeedWatch feeds, RoundOrders rounds, Negotiation negotiation)
{
    /// <summary>
    /// The first step of a SignalR client: answers with the service's address and a token for it. The connection belongs to
    /// who has signed in, else to nobody.
    /// </summary>
    [Function(nameof(Negotiate))]
    [Public("Market data is for everybody, also live.")]
    [Api("Begin a live connection", Description = "For a SignalR client; it calls this by itself. With the token of a "
        + "session the connection also gets what is for its user; without one it is nobody's.")]
    [Answers(StatusCodes.Status200OK, typeof(NegotiateAnswer), "Where to connect, and with what.")]
    public async Task<IActionResult> Negotiate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "realtime/negotiate")] HttpRequest request,
        CancellationToken cancellation)
    {
        NegotiationResponse connection = await negotiation.BeginAsync(request, cancellation);
        return new JsonAnswer(new NegotiateAnswer(connection.Url!, connection.AccessToken!));
    }

    /// <summary>Sets the whole set of symbols that the connection watches.</summary>
    [Function(nameof(Watch))]
    public Task<WatchAnswer> Watch(
        [SignalRTrigger(Realtime.Hub, "messages", nameof(Watch), "symbols", ConnectionStringSetting = AzureClients.SignalR)]
        SignalRInvocationContext invocation,
        string[] symbols,
        CancellationToken cancellationToken) =>
        watching.WatchAsync(invocation.ConnectionId, symbols, conflated: false, cancellationToken);

    /// <summary>The same for a client that cannot keep up: it gets the latest quotes once a second.</summary>
    [Function(nameof(WatchConflated))]
    public Task<WatchAnswer> WatchConflated(
        [SignalRTrigger(
            Realtime.Hub, "messages", nameof(WatchConflated), "symbols", ConnectionStringSetting = AzureClients.SignalR)]
        SignalRInvocationContext invocation,
        string[] symbols,
        CancellationToken cancellationToken) =>
        watching.WatchAsync(invocation.ConnectionId, symbols, conflated: true, cancellationToken);

    /// <summary>
    /// Sets the whole set for a client that shows a list: it gets one message in half a second with all that changed. What
    /// is said once lasts five minutes.
    /// </summary>
    [Function(nameof(WatchPacked))]
    public Task<WatchAnswer> WatchPacked(
        [SignalRTrigger(
            Realtime.Hub, "messages", nameof(WatchPacked), "symbols", ConnectionStringSetting = AzureClients.SignalR)]
        SignalRInvocationContext invocation,
        string[] symbols,
        CancellationToken cancellationToken) =>
        watching.WatchPackedAsync(invocation.ConnectionId, symbols, cancellationToken);

    /// <summary>Joins the board of that name and leaves the one before.</summary>
    [Function(nameof(WatchBoard))]
    public Task<BoardAnswer> WatchBoard(
        [SignalRTrigger(Realtime.Hub, "messages", nameof(WatchBoard), "name", ConnectionStringSetting = AzureClients.SignalR)]
        SignalRInvocationContext invocation,
        string? name,
        CancellationToken cancellationToken) =>
        watching.WatchBoardAsync(invocation.ConnectionId, name, cancellationToken);

    /// <summary>
    /// Looks every second whether a source has fallen silent or is back, and has who looks at lists and portfolios told. One function for both: each
    /// that runs every second is an instance that never rests.
    /// </summary>
    [Function(nameof(WatchFeeds))]
    [SignalROutput(HubName = Realtime.Hub, ConnectionStringSetting = AzureClients.SignalR)]
    public async Task<SignalRMessageAction[]> WatchFeeds(
        [TimerTrigger("* * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await rounds.OrderAsync(cancellationToken);
        return await feeds.CheckAsync(cancellationToken);
    }
}

/// <summary>Where to connect, in the words of SignalR's negotiation.</summary>
public sealed record NegotiateAnswer(string Url, string AccessToken);
