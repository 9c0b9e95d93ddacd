using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace FinVault.Local.SignalR;

/// <summary>Puts the client's queue in front of the transport, and lets the framework's hub handle the connection.</summary>
internal sealed class ClientConnectionHandler(EmbeddedSignalR signalR, HubConnectionHandler<ServerlessHub> hub)
    : ConnectionHandler
{
    public static readonly object RegistrationItem = new();
    public static readonly object HubItem = new();

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        HttpContext http = connection.GetHttpContext()!;
        string hubName = ClientEndpoint.HubOf(http.Request)!;
        IDuplexPipe transport = connection.Transport;
        OutboundQueue queue;
        if (http.Features.Get<IHttpWebSocketFeature>() is SharedWebSocketFeature socket)
        {
            queue = socket.Queue;
        }
        else
        {
            queue = new OutboundQueue(signalR.SchedulerFor(connection.ConnectionId));
            queue.Attach(new PipeSink(transport.Output));
            connection.Transport = new DuplexPipe(transport.Input, new ProtocolPipeWriter(transport.Output, queue));
        }

        connection.Items[HubItem] = hubName;
        connection.Items[RegistrationItem] = new ClientRegistration(signalR.ChannelOf(hubName), queue);
        try
        {
            await hub.OnConnectedAsync(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}

/// <summary>What the lifetime manager needs to know of a connection that the framework brings it.</summary>
internal sealed record ClientRegistration(HubChannel Channel, OutboundQueue Queue);
