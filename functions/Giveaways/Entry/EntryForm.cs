using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>Who wants to take part.</summary>
/// <param name="Name">1 to 80 characters.</param>
/// <param name="Contact">An e-mail address, or a phone number with its country (<c>+9198…</c>).</param>
/// <param name="AcceptsTerms">Must be true.</param>
/// <param name="Secret">
/// 16 to 64 of <c>A–Z a–z 0–9 _ -</c> that only the participant knows: the registration can then be repeated when its
/// answer was lost. Made where none is given.
/// </param>
public sealed partial record EntryForm(string Name, string Contact, bool AcceptsTerms, string? Secret = null)
{
    private const int MaxName = 80;
    private const int MaxContact = 254;

    /// <exception cref="ProblemException">invalid_registration.</exception>
    public EntryForm Checked()
    {
        string? fault = this switch
        {
            _ when Name.Trim().Length is < 1 or > MaxName || Name.Any(char.IsControl) =>
                $"The name has 1 to {MaxName} characters.",
            _ when ContactOf(Contact) is null =>
                "The contact is an e-mail address or a phone number such as +919812345678.",
            _ when !AcceptsTerms => "Who takes part accepts the terms.",
            _ when Secret is not null && !SecretForm().IsMatch(Secret) =>
                $"The secret has {ParticipantToken.MinSecret} to {ParticipantToken.MaxSecret} of A–Z a–z 0–9 _ -.",
            _ => null,
        };
        return fault is null
            ? this with { Name = Name.Trim(), Contact = ContactOf(Contact)! }
            : throw Problems.InvalidRegistration.With(fault);
    }

    /// <summary>The document that keeps a contact unique: its hash, within the giveaway.</summary>
    public string ContactId(string giveaway) => "CONTACT-" + Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{giveaway}\n{Contact}")));

    /// <summary>The same for all ways to write it; null for what is none.</summary>
    private static string? ContactOf(string contact)
    {
        string text = contact.Trim();
        if (text.Length is 0 or > MaxContact)
        {
            return null;
        }

        string phone = text.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        if (PhoneForm().IsMatch(phone))
        {
            return phone;
        }

#pragma warning disable CA1308 // An address is written in lower case.
        return MailAddress.TryCreate(text, out MailAddress? mail) && mail.Address == text
            && mail.Host.Contains('.', StringComparison.Ordinal)
            ? text.ToLowerInvariant()
            : null;
#pragma warning restore CA1308
    }

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z")]
    private static partial Regex PhoneForm();

    [GeneratedRegex(@"^[A-Za-z0-9_\-]{16,64}\z")]
    private static partial Regex SecretForm();
}
