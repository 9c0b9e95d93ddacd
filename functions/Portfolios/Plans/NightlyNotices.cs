using System.Text.Json;
using FinVault.Notifications;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>Tells the owner of an account what the night has made for it: once an account and night.</summary>
public sealed class NightlyNotices(RebalanceStore plans, PortfolioStore accounts, Notices notices)
{
    /// <summary>Tells it, unless it was told, there is nothing, or the owner has already dealt with it.</summary>
    internal async Task TellAsync(string account, string night, CancellationToken cancellationToken)
    {
        if (await plans.OfNightAsync(account, night, cancellationToken) is not
            { State: PlanState.Open or PlanState.Confirmed } plan
            || (await accounts.FindAccountAsync(account, cancellationToken))?.Document.Data is not { } owned)
        {
            return;
        }

        JsonElement values = JsonSerializer.SerializeToElement(
            new
            {
                account,
                owned.Name,
                Plan = plan.Id,
                Orders = plan.Plan.Plan.Orders.Count,
                IsRecorded = plan.State == PlanState.Confirmed,
                plan.Plan.ExpiresAt,
            },
            Json.Options);
        await notices.TellAsync(
            owned.Owner, NoticeKinds.PlanMade, values, $"{account}/{night}", plan.Plan.CreatedAt, cancellationToken);
    }
}
