using FinVault.Audit;
using FinVault.Notifications;
using FinVault.Platform.Jobs;
using FinVault.Platform.Outbox;
using FinVault.Uploads;
using Microsoft.Azure.SignalR.Management;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Identity;

public static class IdentityRegistration
{
    /// <summary>Who is calling, and whether they may.</summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services) =>
        services.AddSingleton<IdentityOptions>().AddSingleton<IdentityDocuments>()
            .AddSingleton<AccountStore>().AddSingleton<OneTimeTokens>().AddSingleton<PasswordPepper>()
            .AddSingleton(all => new Passwords(pepper: all.GetRequiredService<PasswordPepper>())).AddSingleton<LeakedPasswords>()
            .AddSingleton<SessionStore>().AddSingleton<SessionTokens>().AddSingleton<SessionGuard>().AddSingleton<Sessions>()
            .AddSingleton<MembershipStore>().AddSingleton<Tenants>()
            .AddSingleton<SecretBox>().AddSingleton<DataKeys>().AddSingleton<SecondFactors>().AddSingleton<StepUp>()
            .AddSingleton<Registration>().AddSingleton<SignIn>().AddSingleton<PasswordChanges>()
            .AddSingleton<OpenIdOptions>().AddSingleton<OpenIdClient>().AddSingleton<OpenIdSignIn>()
            .AddSingleton<Unlinking>()
            .AddSingleton<Negotiation>().AddSingleton<LiveConnections>()
            .AddSingleton(provider => new Lazy<ServiceHubContext>(
                provider.GetRequiredService<ServiceHubContext>, LazyThreadSafetyMode.PublicationOnly))
            .AddSingleton<IdentityMails>()
            .AddSingleton<IOutboxHandler>(provider => provider.GetRequiredService<IdentityMails>())
            .AddSingleton<IMailComposer>(provider => provider.GetRequiredService<IdentityMails>())
            .AddSingleton<ApiKeys>().AddSingleton<IJobHandler, KeyReminders>().AddSingleton<Callers>()
            .AddSingleton<AccessMiddleware>().AddSingleton<IRollbackTarget, ProfileRollback>()
            .AddSingleton<PrivacyOptions>().AddSingleton<Persons>().AddSingleton<PersonalExport>().AddSingleton<Erasure>()
            .AddSingleton<IdentityData>().AddSingleton<IPersonalData>(all => all.GetRequiredService<IdentityData>())
            .AddSingleton<IPersonalData, CallsData>().AddSingleton<IPersonalData, JobsData>()
            .AddSingleton<ProfileStore>().AddSingleton<IUploadTarget, ProfilePictureTarget>();
}
