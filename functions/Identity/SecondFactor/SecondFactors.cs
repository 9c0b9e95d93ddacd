using System.Security.Cryptography;
using FinVault.Platform;

namespace FinVault.Identity;

/// <summary>What an authenticator app is set up with.</summary>
/// <param name="Secret">Base 32, to be typed in.</param>
/// <param name="Uri"><c>otpauth://</c>, for an authenticator app.</param>
/// <param name="Qr">The same as a QR code, an SVG document.</param>
public sealed record SecondFactorSetup(string Secret, string Uri, string Qr);

/// <summary>Each is good once, in place of a code. They are shown this one time.</summary>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes);

/// <summary>A user's second factor: set up, confirmed by a first code, asked for at every sign-in from then on.</summary>
public sealed class SecondFactors(AccountStore accounts, SecretBox box, TimeProvider time)
{
    private const int RecoveryCount = 10;
    private const int RecoveryBytes = 15;

    /// <exception cref="ProblemException">second_factor_active.</exception>
    public async Task<SecondFactorSetup> SetUpAsync(string user, CancellationToken cancellationToken)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        Account account = await ChangeAsync(
            user,
            found => found.NeedsCode
                ? throw Problems.SecondFactorActive.With("Remove the one that you have first.")
                : found with { SecondFactor = new(box.Close(secret, user), null, 0, []) },
            null, cancellationToken);
        string text = Totp.Encode(secret);
        string label = Uri.EscapeDataString($"FinVault:{account.Email}");
        string uri = $"otpauth://totp/{label}?secret={text}&issuer=FinVault&digits=6&period={Totp.StepSeconds}";
        return new(text, uri, QrSvg.Of(uri));
    }

    /// <exception cref="ProblemException">invalid_code.</exception>
    public async Task<RecoveryCodes> ConfirmAsync(string user, string code, CancellationToken cancellationToken)
    {
        string[] codes = NewCodes();
        await ChangeAsync(
            user,
            found => found is { NeedsCode: false, SecondFactor: { } factor } && StepOf(user, factor, code) is { } step
                ? found with { SecondFactor = factor with { ConfirmedAt = time.GetUtcNow(), LastStep = step, RecoveryCodes = Hashes(codes) } }
                : throw Wrong(),
            IdentityMails.SecondFactorChanged, cancellationToken);
        return new(codes);
    }

    /// <summary>New recovery codes; the old ones are good no more.</summary>
    public async Task<RecoveryCodes> RenewCodesAsync(string user, CancellationToken cancellationToken)
    {
        string[] codes = NewCodes();
        await ChangeAsync(
            user,
            found => found is { NeedsCode: true, SecondFactor: { } factor }
                ? found with { SecondFactor = factor with { RecoveryCodes = Hashes(codes) } }
                : throw Problems.NotFound.With("There is no second factor."),
            null, cancellationToken);
        return new(codes);
    }

    public Task RemoveAsync(string user, CancellationToken cancellationToken) => ChangeAsync(
        user, found => found with { SecondFactor = null }, IdentityMails.SecondFactorChanged, cancellationToken);

    /// <summary>Takes a code of the app, or a recovery code, which is then used up.</summary>
    public async Task<bool> TakeAsync(string user, string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        try
        {
            await ChangeAsync(
                user,
                found => found is { NeedsCode: true, SecondFactor: { } factor } && Take(user, factor, code) is { } next
                    ? found with { SecondFactor = next }
                    : throw Wrong(),
                null, cancellationToken);
            return true;
        }
        catch (ProblemException wrong) when (wrong.Problem == Problems.InvalidCode)
        {
            await TellOfReuseAsync(user, code, cancellationToken);
            return false;
        }
    }

    // A right code that was used before: whoever sends it has seen it, and need not be its owner (ASVS 2.8.5).
    private async Task TellOfReuseAsync(string user, string code, CancellationToken cancellationToken)
    {
        if ((await accounts.FindAsync(user, cancellationToken))?.Document is { NeedsCode: true, SecondFactor: { } factor }
            && StepOf(user, factor with { LastStep = 0 }, code) is not null)
        {
            await accounts.RecordAsync(user, "identity.codeReused", new { }, cancellationToken);
            await accounts.TellAsync(user, IdentityMails.CodeReused, cancellationToken);
        }
    }

    private SecondFactor? Take(string user, SecondFactor factor, string code)
    {
        string hash = HashOf(code);
        return StepOf(user, factor, code) is { } step ? factor with { LastStep = step }
            : factor.RecoveryCodes.Contains(hash)
                ? factor with { RecoveryCodes = [.. factor.RecoveryCodes.Where(one => one != hash)] }
            : null;
    }

    private long? StepOf(string user, SecondFactor factor, string code) =>
        Totp.Match(box.Open(factor.Secret, user), code.Trim(), time.GetUtcNow(), factor.LastStep);

    private async Task<Account> ChangeAsync(
        string user, Func<Account, Account> change, string? mail, CancellationToken cancellationToken)
    {
        while (true)
        {
            Versioned<Account> read = await accounts.FindAsync(user, cancellationToken)
                ?? throw Problems.NotFound.With("There is no such account.");
            Account next = change(read.Document);
            if (await accounts.ReplaceAsync(read, next, mail, endSessions: false, cancellationToken))
            {
                return next;
            }
        }
    }

    private static string[] NewCodes() =>
    [
        .. Enumerable.Range(0, RecoveryCount).Select(_ => string.Join(
            '-', Totp.Encode(RandomNumberGenerator.GetBytes(RecoveryBytes)).Chunk(4).Select(four => new string(four)))),
    ];

    private static string[] Hashes(string[] codes) => [.. codes.Select(HashOf)];

    // 120 random bits: a plain hash is enough (ASVS 2.6.2). However it is typed, it is the same code.
    private static string HashOf(string code) =>
        Guard.Hash(code.Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant());

    private static ProblemException Wrong() => Problems.InvalidCode.With("The code is wrong, or was used.");
}
