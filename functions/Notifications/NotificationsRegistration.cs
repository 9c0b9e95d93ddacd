using FinVault.Identity;
using FinVault.Platform.Jobs;
using FinVault.Platform.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FinVault.Notifications;

public static class NotificationsRegistration
{
    /// <summary>Telling people what concerns them. Who has a way of their own to send mail registers it before.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.TryAddSingleton<IMailSender, SmtpMailSender>();
        services.AddSingleton<MailOptions>().AddSingleton<MailGate>().AddSingleton<NoticeMails>();
        services.AddSingleton<NotificationDocuments>().AddSingleton<NoticeStore>().AddSingleton<PreferenceStore>();
        services.AddSingleton<IPersonalData, NotificationData>();
        services.AddSingleton<DeviceStore>().AddSingleton<Devices>();
        services.AddSingleton<NoticeTexts>().AddSingleton<Notices>().AddSingleton<WinnerNotices>();
        services.AddSingleton<TelegramOptions>().AddSingleton<WebPushKey>();
        services.AddSingleton<INotificationChannel, InAppChannel>().AddSingleton<INotificationChannel, EmailChannel>()
            .AddSingleton<INotificationChannel, TelegramChannel>().AddSingleton<INotificationChannel, WebPushChannel>();
        services.AddSingleton<IJobHandler, MailJobs>().AddSingleton<IJobHandler, DeliveryJobs>()
            .AddSingleton<IJobHandler, ClaimReminders>();
        services.AddSingleton<IMailComposer>(provider => provider.GetRequiredService<WinnerNotices>());
        return services.AddSingleton<IOutboxHandler, NoticeMessages>().AddSingleton<IOutboxHandler, SignInNotices>()
            .AddSingleton<IOutboxHandler>(provider => provider.GetRequiredService<WinnerNotices>());
    }
}
