using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Local.SignalR;

/// <summary>
/// The access key of <c>--services</c>, which its connection string tells to a foreign host: who has it may sign tokens for
/// clients and for the REST API, and knows by it what comes from here.
/// </summary>
internal sealed record AccessKey(string Value)
{
    /// <summary>Where Microsoft's emulator listens.</summary>
    public const int DefaultPort = 8888;

    /// <summary>What Microsoft's emulator takes, too: one connection string serves both.</summary>
    public static AccessKey WellKnown { get; } = new("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH");

    /// <summary>The key of tokens: the text as it stands, not what it would be in base 64.</summary>
    public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(Value);

    /// <summary>The setting that the app and the Functions host take.</summary>
    public string ConnectionString(string host, int port) =>
        $"Endpoint=http://{host};Port={port.ToString(CultureInfo.InvariantCulture)};AccessKey={Value};Version=1.0;";

    /// <summary>The value of <c>X-ASRS-Signature</c> in what is told of a connection.</summary>
    public string SignatureOf(string connectionId) =>
        "sha256=" + Convert.ToHexString(HMACSHA256.HashData(Bytes, Encoding.UTF8.GetBytes(connectionId)));
}
