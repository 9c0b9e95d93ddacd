using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FinVault.Notifications;

public static class NotificationsRegistration
{
    /// <summary>Telling people what concerns them. Who has a way of their own to send mail registers it before.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.TryAddSingleton<IMailSender, SmtpMailSender>();
        return services.AddSingleton<MailOptions>();
    }
}
