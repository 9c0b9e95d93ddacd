using System.Net.Mail;
using FinVault.Platform;
using FinVault.Platform.Resilience;

namespace FinVault.Notifications;

/// <summary>The one way to the mail server, guarded as every call to the outside.</summary>
public sealed class MailGate(IMailSender sender, Dependencies dependencies)
{
    // SMTP says hello, negotiates TLS and signs in before it takes anything.
    private readonly Dependency _guard = dependencies.Of("mail", new() { TotalSeconds = 20, Concurrency = 8 });

    /// <exception cref="ProblemException">delivery_refused.</exception>
    public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        try
        {
            await _guard.RunAsync(
                async token =>
                {
                    await sender.SendAsync(mail, token);
                    return true;
                },
                cancellationToken);
        }
        catch (SmtpException refused)
        {
            throw Problems.DeliveryRefused.With($"The mail server does not take it: {refused.StatusCode}.");
        }
    }
}
