using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Local.Durable;

/// <summary>
/// Version 5 GUIDs (RFC 9562) over instance, orchestrator time and a counter, in the namespace that the Durable Task
/// worker uses: every replay gets the same ones.
/// </summary>
static class ReplayGuid
{
    static readonly byte[] Namespace =
        Guid.Parse("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    // A version 5 GUID is defined over SHA-1; it protects nothing.
#pragma warning disable CA5350
    public static Guid Of(string instanceId, DateTime now, int counter)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{instanceId}_{now:o}_{counter}");
        byte[] hash = SHA1.HashData([.. Namespace, .. Encoding.UTF8.GetBytes(name)]);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash.AsSpan(0, 16), bigEndian: true);
    }
#pragma warning restore CA5350
}
