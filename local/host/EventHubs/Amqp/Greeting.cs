using System.Text;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>
/// How a connection begins: SASL, where a client wants it, and the protocol header. Who will show a token later comes in
/// by ANONYMOUS, EXTERNAL or MSSBCBS and may do nothing until then; PLAIN shows the key at once.
/// </summary>
internal static class Greeting
{
    private const byte Amqp = 0;
    private const byte Sasl = 3;
    private const byte Accepted = 0;
    private const byte Refused = 1;

    private static readonly object?[] Mechanisms =
        [new Symbol("MSSBCBS"), new Symbol("PLAIN"), new Symbol("ANONYMOUS"), new Symbol("EXTERNAL")];

    /// <summary>True when both sides speak AMQP now.</summary>
    public static async Task<bool> RunAsync(
        Stream stream, FrameReader frames, AmqpClaims claims, CancellationToken cancellation)
    {
        byte? protocol = await frames.ReadProtocolAsync(cancellation);
        if (protocol == Sasl)
        {
            await SendAsync(stream, writer =>
            {
                writer.WriteProtocol(Sasl);
                writer.WriteSasl(Described.Of(Codes.SaslMechanisms, (object)Mechanisms));
            }, cancellation);
            bool known = await frames.ReadAsync(cancellation) is { Performative: { Code: Codes.SaslInit } init }
                && IsKnown(new Performative(init), claims);
            await SendAsync(
                stream, writer => writer.WriteSasl(Described.Of(Codes.SaslOutcome, known ? Accepted : Refused)), cancellation);
            if (!known)
            {
                return false;
            }

            protocol = await frames.ReadProtocolAsync(cancellation);
        }

        if (protocol is null)
        {
            return false;
        }

        // The answer to a protocol that is not spoken here is the one that is, and the end.
        await SendAsync(stream, writer => writer.WriteProtocol(Amqp), cancellation);
        return protocol == Amqp;
    }

    private static bool IsKnown(Performative init, AmqpClaims claims)
    {
        Symbol mechanism = init.Get(0, default(Symbol));
        if (mechanism.Name != "PLAIN")
        {
            return Mechanisms.Contains(mechanism);
        }

        // authorization id, NUL, name, NUL, key
        string[] parts = Encoding.UTF8.GetString(init.Get<byte[]>(1, [])).Split('\0');
        if (parts is not [_, var name, var key] || !SharedAccessKey.WellKnown.Is(name, key))
        {
            return false;
        }

        claims.Add("", DateTimeOffset.MaxValue);
        return true;
    }

    private static async Task SendAsync(Stream stream, Action<AmqpWriter> write, CancellationToken cancellation)
    {
        var writer = new AmqpWriter();
        write(writer);
        await stream.WriteAsync(writer.Written, cancellation);
        await stream.FlushAsync(cancellation);
    }
}
