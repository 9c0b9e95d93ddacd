using FinVault.Identity;
using FinVault.Platform.Outbox;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Audit;

public static class AuditRegistration
{
    /// <summary>What happened, who did it, and that nobody has changed the story since.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services) =>
        services.AddSingleton<AuditStore>().AddSingleton<AuditTrail>().AddSingleton<ChangeAuditor>()
            .AddSingleton<AuditSeals>().AddSingleton<AuditVerification>().AddSingleton<AuditReader>()
            .AddSingleton<Rollbacks>().AddSingleton<IPersonalData, AuditData>()
            .AddSingleton<AuditMessages>().AddSingleton<IOutboxHandler>(all => all.GetRequiredService<AuditMessages>());
}
