using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace FinVault.Local.SignalR;

/// <summary>
/// Accepts a WebSocket for the framework over a stream that it shares with the client's queue. The framework keeps the
/// WebSocket (handshake, receiving, pings, closing) and the hub protocol; messages to groups skip its pipes and are
/// framed for a whole batch at once.
/// </summary>
internal sealed class SharedWebSocketFeature(HttpContext context, IHttpUpgradeFeature upgrade, OutboundQueue queue)
    : IHttpWebSocketFeature
{
    // RFC 6455, 1.3.
    private const string HandshakeGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public OutboundQueue Queue => queue;

    public bool IsWebSocketRequest =>
        upgrade.IsUpgradableRequest
        && HttpMethods.IsGet(context.Request.Method)
        && string.Equals(context.Request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase)
        && context.Request.Headers.SecWebSocketVersion == "13"
        && IsKey(context.Request.Headers.SecWebSocketKey);

    public async Task<WebSocket> AcceptAsync(WebSocketAcceptContext acceptContext)
    {
        if (!IsWebSocketRequest)
        {
            throw new InvalidOperationException("The request does not ask for a WebSocket.");
        }

        IHeaderDictionary answer = context.Response.Headers;
        answer.Connection = HeaderNames.Upgrade;
        answer.Upgrade = "websocket";
        answer.SecWebSocketAccept = AcceptanceOf(context.Request.Headers.SecWebSocketKey!);
        if (acceptContext.SubProtocol is { } subProtocol)
        {
            answer.SecWebSocketProtocol = subProtocol;
        }

        Stream stream = await upgrade.UpgradeAsync();
        queue.Attach(new WebSocketSink(stream));
        return WebSocket.CreateFromStream(
            new SharedFrameStream(stream, queue),
            new WebSocketCreationOptions
            {
                IsServer = true,
                SubProtocol = acceptContext.SubProtocol,
                KeepAliveInterval = TimeSpan.Zero,
            });
    }

    private static bool IsKey(string? key)
    {
        Span<byte> bytes = stackalloc byte[18];
        return key is { Length: 24 } && Convert.TryFromBase64String(key, bytes, out int length) && length == 16;
    }

    // SHA-1 is what the protocol prescribes here; it proves that a WebSocket server answers and protects nothing.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "Prescribed by RFC 6455.")]
    private static string AcceptanceOf(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + HandshakeGuid)));
}
