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

    private const string Signs = "0134578@$!";
    private const string Letters = "OIEASTBASI";
    private const int MostWords = 2;
    private const int LongestWord = 14;

    private static readonly char[] Around = [.. "0123456789 !@#$%^&*()-_=+.,:;?/'\"~"];

    private static readonly string[] Words =
    [
        "ABCD", "ABCDEF", "ACCESS", "ADMIN", "ADMINISTRATOR", "AMERICA", "ANDREW", "ANGEL", "APPLE", "ARSENAL", "ASDF",
        "ASDFGH", "ASDFGHJKL", "ASHLEY", "AUTUMN", "BAILEY", "BANGALORE", "BARCELONA", "BASEBALL", "BASKETBALL", "BATMAN",
        "BHARAT", "BITCOIN", "BUTTERFLY", "CHANGEME", "CHARLIE", "CHELSEA", "CHENNAI", "CHOCOLATE", "COMPUTER", "COOKIE",
        "CORRECTHORSEBATTERYSTAPLE", "CRICKET", "DANIEL", "DEFAULT", "DELHI", "DHONI", "DOLPHIN", "DRAGON", "FACEBOOK",
        "FAMILY", "FINVAULT", "FLOWER", "FOOTBALL", "FOREVER", "FREEDOM", "FRIEND", "FRIENDS", "GANESH", "GOOGLE", "GUEST",
        "HANUMAN", "HARRY", "HELLO", "HOCKEY", "HUNTER", "ILOVE", "ILOVEYOU", "INDIA", "INDIAN", "INSTAGRAM", "INTERNET",
        "JENNIFER", "JESSICA", "JESUS", "JORDAN", "JOSHUA", "KOLKATA", "KRISHNA", "LAKSHMI", "LETMEIN", "LIVERPOOL", "LOGIN",
        "LOVE", "LOVELY", "LOVEYOU", "MADRID", "MASTER", "MATTHEW", "MICHAEL", "MICHELLE", "MINECRAFT", "MONEY", "MONKEY",
        "MONSTER", "MUMBAI", "MUSTANG", "NAMASTE", "NARUTO", "NICOLE", "PASS", "PASSW", "PASSWORD", "PASSWORT", "POKEMON",
        "PRINCESS", "PURPLE", "QWER", "QWERT", "QWERTY", "QWERTYUIOP", "RAINBOW", "ROBERT", "ROOT", "SACHIN", "SAIRAM",
        "SAMSUNG", "SECRET", "SHADOW", "SHIVA", "SOCCER", "SPIDERMAN", "SPRING", "STARWARS", "SUMMER", "SUNSHINE", "SUPERMAN",
        "SUPERSTAR", "SWEETHEART", "TEMP", "TEST", "TESTING", "THOMAS", "THUNDER", "TIGER", "TRUSTNO", "UNITED", "USER",
        "WELCOME", "WHATEVER", "WINTER", "YANKEES", "YOU", "ZXCV", "ZXCVBN", "ZXCVBNM",
    ];

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
            : Common.Contains(plain) || IsRun(plain) || IsCommonWord(plain) ? "The password is among those that are tried first."
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

    /// <summary>
    /// Whether it is nothing but words that everybody takes, with numbers and signs around them: of such are nearly all of
    /// the passwords of this length that leaked lists begin with (<c>password12345</c>, <c>Qwerty@2024!!</c>,
    /// <c>1loveyou1loveyou</c>), thousands to a word.
    /// </summary>
    private static bool IsCommonWord(string plain)
    {
        string text = plain.Trim(Around);
        string[] read = [text, string.Concat(text.Select(Letter)), string.Concat(text.Where(char.IsLetter))];
        // With many numbers around it, it is no longer the word that has to be guessed.
        return read.Any(words => words.Length * 2 >= plain.Length && IsMadeOf(words));
    }

    private static bool IsMadeOf(string text)
    {
        // Where a word ends, the next may begin.
        bool[] ends = new bool[text.Length + 1];
        ends[0] = true;
        for (int end = 1; end <= text.Length; end++)
        {
            ends[end] = Words.Any(word =>
                end >= word.Length && ends[end - word.Length]
                && text.AsSpan(end - word.Length, word.Length).SequenceEqual(word));
        }

        return text.Length > 0 && ends[^1] && text.Length <= MostWords * LongestWord;
    }

    private static char Letter(char sign) => Signs.IndexOf(sign) is var at and >= 0 ? Letters[at] : sign;

    private static FrozenSet<string> Read()
    {
        using Stream file = typeof(PasswordRules).Assembly.GetManifestResourceStream("FinVault.common-passwords.json")!;
        return JsonSerializer.Deserialize<string[]>(file)!
            .Select(password => password.ToUpperInvariant()).ToFrozenSet(StringComparer.Ordinal);
    }
}
