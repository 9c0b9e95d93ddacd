using System.Security.Cryptography;
using System.Text;
using FinVault.Platform;
using Microsoft.AspNetCore.Http;

namespace FinVault.Giveaways;

/// <summary>
/// What a participant shows: <c>PARTICIPANT_ULID.secret</c>, in the header <see cref="Header"/>. The store has only the
/// secret's hash.
/// </summary>
/// <param name="Holder">The participant's id.</param>
/// <param name="Hash">SHA-256 of the secret, hex.</param>
public readonly record struct ParticipantToken(string Holder, string Hash)
{
    public const string Header = "X-Participant-Token";
    public const int MinSecret = 16;
    public const int MaxSecret = 64;

    private const int SecretBytes = 24;

    /// <summary>The caller's token.</summary>
    /// <exception cref="ProblemException">invalid_participant: none, or none of ours.</exception>
    public static ParticipantToken Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string text = request.Headers[Header].ToString();
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && text.Length <= dot + 1 + MaxSecret && Ids.IsValid(text[..dot], Participant.Prefix)
            ? new(text[..dot], HashOf(text[(dot + 1)..]))
            : throw Unknown();
    }

    /// <summary>Whether it is this participant's, compared in constant time.</summary>
    public bool IsOf(Participant participant)
    {
        ArgumentNullException.ThrowIfNull(participant);
        return participant.Id == Holder && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Hash), Encoding.ASCII.GetBytes(participant.TokenHash));
    }

    public static string NewSecret() =>
        System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static string HashOf(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static ProblemException Unknown() =>
        Problems.InvalidParticipant.With($"Send the token of your registration as '{Header}'.");
}
