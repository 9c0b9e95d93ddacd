using System.Net.Sockets;
using System.Text;
using FinVault.Local.EventHubs;
using FinVault.Local.EventHubs.Amqp;
using FinVault.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FinVault.Tests.Local.EventHubs.Amqp;

/// <summary>What a well-meaning client does not do, frame by frame.</summary>
public sealed class ConnectionTests : IAsyncLifetime, IDisposable
{
    private const byte SaslProtocol = 3;

    private readonly ManualClock clock = new();
    private readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
    private EmbeddedEventHub hub = null!;
    private AmqpEndpoint endpoint = null!;
    private NetworkStream stream = null!;
    private FrameReader frames = null!;

    public async Task InitializeAsync()
    {
        hub = EmbeddedEventHub.Open(null, "ticks", 1, clock);
        endpoint = new AmqpEndpoint(new HubNode(hub, ["$Default"], clock, NullLogger.Instance));
        endpoint.Start(0);
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", endpoint.Port);
        stream = client.GetStream();
        frames = new FrameReader(stream);
    }

    public async Task DisposeAsync()
    {
        await stream.DisposeAsync();
        await endpoint.StopAsync(limit.Token);
        await endpoint.DisposeAsync();
        await hub.DisposeAsync();
    }

    public void Dispose() => limit.Dispose();

    [Fact]
    public async Task Client_ThatAsksForSignsOfLife_GetsThem()
    {
        await OpenAsync(idle: 30_000);

        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Null((await ReadAsync()).Performative);
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Null((await ReadAsync()).Performative);
    }

    [Fact]
    public async Task Client_ThatIsSilentTooLong_IsTakenForGone()
    {
        await OpenAsync(idle: 0);

        clock.Advance(3 * AmqpConnection.IdleTimeout);

        Frame frame;
        while ((frame = await ReadAsync()).Performative is null)
        {
            clock.Advance(AmqpConnection.IdleTimeout);
        }

        Assert.Equal(Conditions.ResourceLimitExceeded, ErrorOf(frame));
    }

    [Fact]
    public async Task OtherProtocol_IsToldWhatIsSpokenHere()
    {
        await stream.WriteAsync("AMQP\u0002\u0001\0\0"u8.ToArray(), limit.Token);

        Assert.Equal((byte)0, await frames.ReadProtocolAsync(limit.Token));
        Assert.Null(await frames.ReadAsync(limit.Token));
    }

    [Theory]
    [InlineData("SAS_KEY_VALUE", (byte)0)]
    [InlineData("guess", (byte)1)]
    public async Task Plain_TakesTheKeyAlone(string key, byte outcome)
    {
        byte[] response = Encoding.UTF8.GetBytes($"\0{SharedAccessKey.WellKnown.Name}\0{key}");
        await WriteAsync(writer =>
        {
            writer.WriteProtocol(SaslProtocol);
            writer.WriteSasl(Described.Of(Codes.SaslInit, new Symbol("PLAIN"), response));
        });

        Assert.Equal(SaslProtocol, await frames.ReadProtocolAsync(limit.Token));
        Assert.Equal(Codes.SaslMechanisms, (await ReadAsync()).Performative!.Code);
        Assert.Equal(outcome, (await ReadAsync()).Performative!.Fields[0]);
    }

    [Fact]
    public async Task Link_WithoutAToken_IsRefused_AndTheConnectionGoesOn()
    {
        await OpenAsync(idle: 0);
        await WriteAsync(writer =>
        {
            writer.WriteFrame(4, Described.Of(Codes.Begin, null, 0u, 10u, 10u));
            writer.WriteFrame(4, Described.Of(
                Codes.Attach, "link", 7u, false, null, null, Described.Of(0x28, "me"), Described.Of(0x29, "ticks")));
        });

        Assert.Equal(Codes.Begin, (await ReadAsync()).Performative!.Code);
        Assert.Equal(Codes.Attach, (await ReadAsync()).Performative!.Code);
        Described detach = (await ReadAsync()).Performative!;
        Assert.Equal(Codes.Detach, detach.Code);
        Assert.Equal(new Symbol(Conditions.Unauthorized), ((Described)detach.Fields[2]!).Fields[0]);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 9, 2, 0, 0, 0, 0x3f }, Conditions.DecodeError)]
    [InlineData(new byte[] { 0x7f, 0, 0, 0, 2, 0, 0, 0 }, Conditions.FramingError)]
    public async Task Frame_ThatIsNone_EndsTheConnectionWithTheReason(byte[] bytes, string condition)
    {
        await OpenAsync(idle: 0);

        await stream.WriteAsync(bytes, limit.Token);

        Assert.Equal(condition, ErrorOf(await ReadAsync()));
    }

    [Fact]
    public async Task Stop_SaysGoodBye()
    {
        await OpenAsync(idle: 0);

        Task stopping = endpoint.StopAsync(limit.Token);

        Assert.Equal(Conditions.ConnectionForced, ErrorOf(await ReadAsync()));
        await WriteAsync(writer => writer.WriteFrame(0, Described.Of(Codes.Close)));
        await stopping;
    }

    private async Task OpenAsync(uint idle)
    {
        await WriteAsync(writer =>
        {
            writer.WriteProtocol(0);
            writer.WriteFrame(0, Described.Of(Codes.Open, "test", null, 4096u, (ushort)10, idle));
        });
        Assert.Equal((byte)0, await frames.ReadProtocolAsync(limit.Token));
        Assert.Equal(Codes.Open, (await ReadAsync()).Performative!.Code);
    }

    private async Task WriteAsync(Action<AmqpWriter> write)
    {
        var writer = new AmqpWriter();
        write(writer);
        await stream.WriteAsync(writer.Written, limit.Token);
    }

    private async Task<Frame> ReadAsync() =>
        await frames.ReadAsync(limit.Token) ?? throw new EndOfStreamException("The hub closed the connection.");

    private static string ErrorOf(Frame frame)
    {
        Assert.Equal(Codes.Close, frame.Performative!.Code);
        return ((Described)frame.Performative.Fields[0]!).Fields[0]!.ToString()!;
    }
}
