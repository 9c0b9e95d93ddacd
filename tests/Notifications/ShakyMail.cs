using FinVault.Local.Notifications;
using FinVault.Notifications;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Notifications;

/// <summary>A mail server that does not take the first mails that it is given.</summary>
internal sealed class ShakyMail
{
    private int _asked;

    public int Failures { get; init; }

    public bool Armed { get; set; }

    public void Around(IServiceCollection services) => services.AddSingleton<IMailSender>(
        provider => new Sender(this, provider.GetRequiredService<LocalMailbox>()));

    private sealed class Sender(ShakyMail shaky, LocalMailbox box) : IMailSender
    {
        public Task SendAsync(Mail mail, CancellationToken cancellationToken) =>
            shaky.Armed && Interlocked.Increment(ref shaky._asked) <= shaky.Failures
                ? throw new TimeoutException("The server is busy.")
                : box.SendAsync(mail, cancellationToken);
    }
}
