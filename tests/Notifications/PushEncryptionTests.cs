using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FinVault.Notifications;
using FinVault.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace FinVault.Tests.Notifications;

/// <summary>Encryption of web push against RFC 8291's own example, and VAPID tokens as a push service checks them.</summary>
public sealed class PushEncryptionTests
{
    // RFC 8291, section 5 and appendix A.
    private const string Plaintext = "When I grow up, I want to be a watermelon";
    private const string SenderPrivate = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    private const string ReceiverPrivate = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    private const string ReceiverPublic =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

    private const string Secret = "BTBZMqHH6r4Tts7J_aSIgg";
    private const string Salt = "DGv6ra1nlYgDCS1FRnbzlw";
    private const string Body =
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
        + "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    [Fact]
    public void Encrypt_WithTheKeysOfTheRfc_GivesItsBody()
    {
        using ECDiffieHellman sender = KeyOf(SenderPrivate);
        byte[] body = PushEncryption.Encrypt(
            Encoding.UTF8.GetBytes(Plaintext), Bytes(ReceiverPublic), Bytes(Secret), sender, Bytes(Salt));
        Assert.Equal(Body, Base64Url.EncodeToString(body));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PushEncryption.MaxPlaintext)]
    public void Encrypt_OfAnyLength_IsReadByTheBrowserAlone_AndFitsAPushService(int length)
    {
        byte[] plaintext = RandomNumberGenerator.GetBytes(length);
        byte[] body = PushEncryption.Encrypt(plaintext, Bytes(ReceiverPublic), Bytes(Secret));
        Assert.InRange(body.Length, 0, 4096);
        Assert.Equal(plaintext, Decrypt(body));
        body[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => Decrypt(body));
    }

    [Fact]
    public void Encrypt_Twice_NeverGivesTheSame()
    {
        byte[] one = PushEncryption.Encrypt("a"u8, Bytes(ReceiverPublic), Bytes(Secret));
        byte[] other = PushEncryption.Encrypt("a"u8, Bytes(ReceiverPublic), Bytes(Secret));
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Encrypt_OfTooMuch_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => PushEncryption.Encrypt(
        new byte[PushEncryption.MaxPlaintext + 1], Bytes(ReceiverPublic), Bytes(Secret)));

    [Fact]
    public void IsPoint_TakesWhatIsOnTheCurveOnly()
    {
        Assert.True(PushEncryption.IsPoint(Bytes(ReceiverPublic)));
        byte[] beside = Bytes(ReceiverPublic);
        beside[^1] ^= 1;
        Assert.False(PushEncryption.IsPoint(beside));
        byte[] compressed = Bytes(ReceiverPublic);
        compressed[0] = 2;
        Assert.False(PushEncryption.IsPoint(compressed));
        Assert.False(PushEncryption.IsPoint([]));
        Assert.False(PushEncryption.IsPoint(new byte[PushEncryption.PointBytes]));
    }

    [Fact]
    public void Authorize_IsATokenForThePushServiceAlone_SignedWithTheKeyThatItNames()
    {
        ManualClock clock = new();
        using WebPushKey key = KeyWith(SenderPrivate, clock);
        string header = key.Authorize(new Uri("https://push.example.net/v1/abc?x=1"));
        Assert.StartsWith("vapid t=", header, StringComparison.Ordinal);
        string[] parts = header["vapid t=".Length..].Split(", k=");
        Assert.Equal(key.Public, parts[1]);

        string[] token = parts[0].Split('.');
        JsonElement head = JsonElement.Parse(Bytes(token[0]));
        JsonElement claims = JsonElement.Parse(Bytes(token[1]));
        Assert.Equal(("JWT", "ES256"), (head.GetProperty("typ").GetString(), head.GetProperty("alg").GetString()));
        Assert.Equal("https://push.example.net", claims.GetProperty("aud").GetString());
        Assert.Equal("mailto:ops@example.in", claims.GetProperty("sub").GetString());
        TimeSpan life = DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64()) - clock.GetUtcNow();
        Assert.InRange(life, TimeSpan.FromHours(1), TimeSpan.FromHours(24));

        byte[] point = Bytes(parts[1]);
        using ECDsa check = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = point[1..33], Y = point[33..] },
        });
        Assert.True(check.VerifyData(
            Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), Bytes(token[2]), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Fact]
    public void Key_ThatIsNotSet_HasNoPublicHalf()
    {
        using WebPushKey key = KeyWith("", new ManualClock());
        Assert.Null(key.Public);
        Assert.Throws<InvalidOperationException>(() => key.Authorize(new Uri("https://push.example.net")));
    }

    /// <summary>As a browser does it, from RFC 8188 and 8291, with the receiver's private key.</summary>
    internal static byte[] Decrypt(byte[] body) => Decrypt(body, ReceiverPrivate, ReceiverPublic, Secret);

    /// <summary>A browser's subscription, of which only these tests know the private key.</summary>
    internal static object Subscription(string endpoint) =>
        new { endpoint, keys = new { p256dh = ReceiverPublic, auth = Secret }, name = "Asha's phone" };

    private static byte[] Decrypt(byte[] body, string privateKey, string publicKey, string secret)
    {
        byte[] salt = body[..16];
        byte[] sender = body[21..86];
        using ECDiffieHellman own = KeyOf(privateKey);
        using ECDiffieHellman other = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = sender[1..33], Y = sender[33..] },
        });
        byte[] info = [.. "WebPush: info\0"u8, .. Bytes(publicKey), .. sender];
        byte[] material = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, own.DeriveRawSecretAgreement(other.PublicKey), 32, Bytes(secret), info);
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray());
        byte[] nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 12, salt, "Content-Encoding: nonce\0"u8.ToArray());
        byte[] padded = new byte[body.Length - 86 - 16];
        using AesGcm cipher = new(key, 16);
        cipher.Decrypt(nonce, body.AsSpan(86, padded.Length), body.AsSpan(body.Length - 16), padded);
        Assert.Equal(2, padded[^1]);
        return padded[..^1];
    }

    private static WebPushKey KeyWith(string privateKey, TimeProvider time) => new(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["WebPush:PrivateKey"] = privateKey, ["WebPush:Subject"] = "mailto:ops@example.in",
        }).Build(),
        time);

    private static ECDiffieHellman KeyOf(string privateKey) => ECDiffieHellman.Create(
        new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Bytes(privateKey) });

    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);
}
