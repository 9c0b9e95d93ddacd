using FinVault.Audit;
using FinVault.Identity;
using FinVault.Platform.Outbox;
using FinVault.Uploads;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Giveaways;

public static class GiveawaysRegistration
{
    /// <summary>Giveaways, with their pictures.</summary>
    public static IServiceCollection AddGiveaways(
        this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton<IUploadTarget, EventImageTarget>().AddSingleton<IUploadTarget, PrizeImageTarget>()
        .AddSingleton(GiveawayOptions.From(configuration))
        .AddSingleton<GiveawayDocuments>().AddSingleton<GiveawayStore>().AddSingleton<PrizeStore>()
        .AddSingleton<ParticipantStore>().AddSingleton<AttemptStore>().AddSingleton<JoinCodes>()
        .AddSingleton<GiveawayPictures>().AddSingleton<GiveawayDesk>().AddSingleton<GiveawayDashboard>()
        .AddSingleton<PublicGiveaways>().AddSingleton<Entries>().AddSingleton<SlotAttempts>().AddSingleton<Claims>()
        .AddSingleton<PublicCallLimits>()
        .AddSingleton<FundingSteps>().AddSingleton<SettlementSteps>().AddSingleton<ClaimRounds>()
        .AddSingleton<IPersonalData, GiveawayData>().AddSingleton<IRollbackTarget, GiveawayRollback>()
        .AddSingleton<LifecycleSteps>().AddSingleton<Rooms>()
        .AddSingleton<IOutboxHandler, RoomMessages>().AddSingleton<IOutboxHandler, SoldOutWatch>();
}
