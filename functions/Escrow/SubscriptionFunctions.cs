using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FinVault.Escrow;

/// <summary>A user's premium subscription: the plan, subscribe, look, cancel, renew.</summary>
public sealed class SubscriptionFunctions(Subscriptions subscriptions)
{
    private const int MaxBodyBytes = 4096;
    private const int DefaultPage = 24;
    private const int MaxPage = 100;

    [Function(nameof(GetPremiumPlan))]
    [Public("What premium costs is told before anybody signs in.")]
    [Api("What premium costs")]
    [Answers(StatusCodes.Status200OK, typeof(PremiumPlan), "The plan.")]
    public IActionResult GetPremiumPlan(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "subscription/plan")] HttpRequest request) =>
        new JsonAnswer(subscriptions.Plan);

    [Function(nameof(GetSubscription))]
    [Access]
    [Api("Your subscription", Description = "The last one that you had; yours whichever tenant you act for.")]
    [Answers(StatusCodes.Status200OK, typeof(Subscription), "It, as it is.")]
    [Fails(nameof(Problems.UnknownSubscription))]
    public async Task<IActionResult> GetSubscription(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "subscription")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(await subscriptions.ReadAsync(
            CurrentUser.Of(context).UserId, context.CancellationToken));

    [Function(nameof(Subscribe))]
    [Access]
    [Api(
        "Subscribe to premium",
        Description = "By the month, paid in advance with what the payment provider keeps under a token. It is pending until "
            + "the first payment is made, which takes a moment.")]
    [Body(typeof(SubscriptionRequest))]
    [Answers(StatusCodes.Status202Accepted, typeof(Subscription), "It, as far as it came.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.AlreadySubscribed), nameof(Problems.Unavailable))]
    public async Task<IActionResult> Subscribe(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "subscription")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        SubscriptionRequest wanted = await request.ReadJsonAsync<SubscriptionRequest>(MaxBodyBytes, cancellation);
        string user = CurrentUser.Of(context).UserId;
        return await ToldAsync(client, user, await subscriptions.SubscribeAsync(user, wanted, cancellation), cancellation);
    }

    [Function(nameof(CancelSubscription))]
    [Access]
    [Api("Cancel your subscription", Description = "It lasts as long as it is paid, and is not renewed. May be repeated.")]
    [Answers(StatusCodes.Status202Accepted, typeof(Subscription), "It, cancelled.")]
    [Fails(nameof(Problems.UnknownSubscription), nameof(Problems.InvalidTransition))]
    public async Task<IActionResult> CancelSubscription(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "subscription/cancel")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        FunctionContext context)
    {
        string user = CurrentUser.Of(context).UserId;
        Subscription cancelled = await subscriptions.CancelAsync(user, context.CancellationToken);
        return await ToldAsync(client, user, cancelled, context.CancellationToken);
    }

    [Function(nameof(RenewSubscription))]
    [Access]
    [Api(
        "Renew your subscription",
        Description = "Takes a cancellation back while what is paid lasts, or has a declined payment tried again now, with "
            + "another payment method if one is given.")]
    [Body(typeof(SubscriptionRenewal))]
    [Answers(StatusCodes.Status202Accepted, typeof(Subscription), "It, as it is now.")]
    [Fails(nameof(Problems.UnknownSubscription), nameof(Problems.InvalidTransition), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> RenewSubscription(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "subscription/renew")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        SubscriptionRenewal wanted = await request.ReadJsonAsync<SubscriptionRenewal>(MaxBodyBytes, cancellation);
        string user = CurrentUser.Of(context).UserId;
        return await ToldAsync(client, user, await subscriptions.RenewAsync(user, wanted, cancellation), cancellation);
    }

    [Function(nameof(ListSubscriptionCharges))]
    [Access]
    [Api("Your subscription's payments", Description = "Newest first, also those that were declined.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<SubscriptionCharge>), "Payments.")]
    public async Task<IActionResult> ListSubscriptionCharges(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "subscription/charges")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(await subscriptions.ChargesAsync(
            CurrentUser.Of(context).UserId, PageRequest.From(request, DefaultPage, MaxPage), context.CancellationToken));

    // Whoever dies before this is told by the timer.
    private static async Task<IActionResult> ToldAsync(
        DurableTaskClient client, string user, Subscription changed, CancellationToken cancellationToken)
    {
        await SubscriptionSignals.TellAsync(client, user, changed.Id, cancellationToken);
        return new JsonAnswer(changed, StatusCodes.Status202Accepted);
    }
}
