using System.Net.Mail;
using FinVault.Platform;

namespace FinVault.Identity;

/// <summary>E-mail addresses as accounts are found by them: lower case, nothing around them.</summary>
public static class EmailAddress
{
    private const int MaxLength = 254;

    /// <exception cref="ProblemException">invalid_request.</exception>
    public static string Read(string? sent)
    {
        string text = (sent ?? "").Trim();
        bool valid = text.Length is > 0 and <= MaxLength && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            && MailAddress.TryCreate(text, out MailAddress? read) && read.Address == text
            && read.Host.Contains('.', StringComparison.Ordinal);
        return valid
            ? text.ToLower(System.Globalization.CultureInfo.InvariantCulture)
            : throw Problems.InvalidRequest.With("email must be an e-mail address.");
    }
}
