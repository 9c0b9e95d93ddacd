using System.Net;
using System.Net.Mail;
using FinVault.Platform.Resilience;

namespace FinVault.Notifications;

/// <summary>By SMTP with TLS, as the settings say; without to a server on this machine, whose mail stays on it.</summary>
public sealed class SmtpMailSender(MailOptions options, Dependencies dependencies) : IMailSender
{
    // A mail that is refused says nothing of the server, one that the server does not take does.
    private readonly Dependency _guard = dependencies.Of(
        "mail", new() { Concurrency = 8 }, FailureRule.Only<TimeoutException>());

    public Task SendAsync(Mail mail, CancellationToken cancellationToken) => _guard.RunAsync(
        async token =>
        {
            await TryAsync(mail, token);
            return true;
        },
        cancellationToken);

    private async Task TryAsync(Mail mail, CancellationToken cancellationToken)
    {
        using MailMessage message = MailText.ToMessage(mail, options.From);
        using SmtpClient client = new(options.Host, options.Port)
        {
            EnableSsl = !options.IsHere,
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
