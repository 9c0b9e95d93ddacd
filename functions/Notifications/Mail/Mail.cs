namespace FinVault.Notifications;

/// <summary>A mail to one person.</summary>
/// <param name="Id">Of the message that it tells: the same mail sent again carries the same <c>Message-ID</c>.</param>
/// <param name="To">One address.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text; every mail has one.</param>
/// <param name="Html">The same for who reads HTML; null for none.</param>
public sealed record Mail(string Id, string To, string Subject, string Text, string? Html = null);

/// <summary>Takes mails to where they are delivered from.</summary>
public interface IMailSender
{
    /// <summary>Hands one over.</summary>
    /// <exception cref="TimeoutException">Not now; try again.</exception>
    /// <exception cref="Polly.ExecutionRejectedException">The same.</exception>
    /// <exception cref="System.Net.Mail.SmtpException">It was refused, and will be again.</exception>
    Task SendAsync(Mail mail, CancellationToken cancellationToken);
}
