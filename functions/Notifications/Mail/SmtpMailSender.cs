using System.Net;
using System.Net.Mail;

namespace FinVault.Notifications;

/// <summary>By SMTP with TLS, as the settings say.</summary>
public sealed class SmtpMailSender(MailOptions options) : IMailSender
{
    private const int TimeoutMilliseconds = 10_000;

    public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        using MailMessage message = MailText.ToMessage(mail, options.From);
        using SmtpClient client = new(options.Host, options.Port)
        {
            EnableSsl = true,
            Timeout = TimeoutMilliseconds,
            Credentials = options.User is { } user ? new NetworkCredential(user, options.Password) : null,
        };
        try
        {
            await client.SendMailAsync(message, cancellationToken);
        }
        catch (SmtpException failure) when (Passes(failure))
        {
            throw new TimeoutException($"{options.Host} does not take mail now.", failure);
        }
    }

    // 4xx is 'try later' (RFC 5321, 4.2.1); a general failure is one of the connection.
    private static bool Passes(SmtpException failure) =>
        failure.StatusCode == SmtpStatusCode.GeneralFailure || (int)failure.StatusCode is >= 400 and < 500;
}
