using System.Collections.Frozen;
using System.Text.Json;
using FinVault.Platform;

namespace FinVault.Identity;

/// <summary>
/// What may be a password: 12 to 128 characters of any kind (NIST SP 800-63B: length, no rules of composition), and none
/// that everybody tries first.
/// </summary>
public static class PasswordRules
{
    public const int MinLength = 12;
    public const int MaxLength = 128;

    // No password has fewer different characters and is still hard to guess.
    private const int MinDifferent = 5;

    private static readonly FrozenSet<string> Common = Read();

    /// <summary>Why it may not be one, for people; null when it may.</summary>
    /// <param name="email">Whose it is to be: their own name is guessed first.</param>
    public static string? Refuse(string password, string email)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(email);
        if (password.Length is < MinLength or > MaxLength)
        {
            return $"A password has {MinLength} to {MaxLength} characters.";
        }

        string plain = password.ToUpperInvariant();
        return plain.Distinct().Count() < MinDifferent ? "The password repeats too few characters."
            : Common.Contains(plain) || IsRun(plain) ? "The password is among those that are tried first."
            : plain.Contains(email.Split('@')[0].ToUpperInvariant(), StringComparison.Ordinal) && email.IndexOf('@') >= 4
                ? "The password contains your e-mail address."
            : null;
    }

    /// <exception cref="ProblemException">weak_password.</exception>
    public static void Require(string password, string email)
    {
        if (Refuse(password, email) is { } reason)
        {
            throw Problems.WeakPassword.With(reason);
        }
    }

    // 123456789012, ABCDEFGHIJKL: each character is the one after the last.
    private static bool IsRun(string text) => text.Zip(text.Skip(1))
        .All(pair => pair.Second - pair.First is 1 or -1 || pair is ('9', '0') or ('0', '9') or ('Z', 'A'));

    private static FrozenSet<string> Read()
    {
        using Stream file = typeof(PasswordRules).Assembly.GetManifestResourceStream("FinVault.common-passwords.json")!;
        return JsonSerializer.Deserialize<string[]>(file)!
            .Select(password => password.ToUpperInvariant()).ToFrozenSet(StringComparer.Ordinal);
    }
}
