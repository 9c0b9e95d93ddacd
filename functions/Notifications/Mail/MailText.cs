using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace FinVault.Notifications;

/// <summary>A mail as RFC 5322 has it, for whoever sends or writes it.</summary>
public static class MailText
{
    public static MailMessage ToMessage(Mail mail, string from)
    {
        ArgumentNullException.ThrowIfNull(mail);
        MailMessage message = new(from, mail.To)
        {
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = mail.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };
        message.Headers.Add("Message-ID", $"<{mail.Id}@{message.From!.Host}>");
        // Machines that answer mails leave this one alone (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        if (mail.Html is { } html)
        {
            message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(
                html, Encoding.UTF8, MediaTypeNames.Text.Html));
        }

        return message;
    }
}
