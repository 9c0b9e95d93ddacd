using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Escrow;

/// <summary>A tenant's webhooks: where its own systems are told of what happened, and what came of it.</summary>
public sealed class WebhookFunctions(Webhooks webhooks)
{
    private const int MaxBodyBytes = 8192;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(AddWebhook))]
    [Access(Roles.Host, Roles.Merchant)]
    [Api(
        "Add a webhook",
        Description = "At most ten. Bodies are `{id, type, createdAt, data}`, signed as `Webhook-Signature: "
            + "t=UNIX_SECONDS,v1=HEX` (HMAC-SHA256 over `t.body`), sent until answered with 2xx within 10 s: eight tries "
            + "in 21 hours. One may come twice or late; its `id` tells. The secret is shown this once.")]
    [Body(typeof(WebhookRequest))]
    [Answers(StatusCodes.Status201Created, typeof(WebhookSecret), "The webhook, and its secret.")]
    [Fails(nameof(Problems.InvalidWebhookUrl), nameof(Problems.InvalidRequest), nameof(Problems.TooManyWebhooks))]
    public async Task<IActionResult> AddWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        WebhookRequest wanted = await request.ReadJsonAsync<WebhookRequest>(MaxBodyBytes, cancellation);
        return new JsonAnswer(
            await webhooks.AddAsync(CurrentUser.Of(context), wanted, cancellation), StatusCodes.Status201Created);
    }

    [Function(nameof(ListWebhooks))]
    [Access(Roles.Host, Roles.Merchant)]
    [Api("Your webhooks", Description = "Without their secrets.")]
    [Answers(StatusCodes.Status200OK, typeof(Page<WebhookView>), "All of them.")]
    public async Task<IActionResult> ListWebhooks(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "webhooks")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(new Page<WebhookView>(
            await webhooks.ListAsync(CurrentUser.Of(context), context.CancellationToken)));

    [Function(nameof(RemoveWebhook))]
    [Access(Roles.Host, Roles.Merchant)]
    [Api("Remove a webhook", Description = "What is still to be sent to it is given up.")]
    [Parameter("id", typeof(string), "The webhook.")]
    [Answers(StatusCodes.Status204NoContent, null, "It is gone.")]
    [Fails(nameof(Problems.UnknownWebhook))]
    public async Task<IActionResult> RemoveWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "webhooks/{id}")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        await webhooks.RemoveAsync(CurrentUser.Of(context), id, context.CancellationToken);
        return new NoContentResult();
    }

    [Function(nameof(RotateWebhookSecret))]
    [Access(Roles.Host, Roles.Merchant)]
    [Api("Give a webhook a new secret", Description = "For a day bodies carry two signatures, of the old one and the new.")]
    [Parameter("id", typeof(string), "The webhook.")]
    [Answers(StatusCodes.Status200OK, typeof(WebhookSecret), "The new secret, shown this once.")]
    [Fails(nameof(Problems.UnknownWebhook))]
    public async Task<IActionResult> RotateWebhookSecret(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/{id}/rotate-secret")] HttpRequest request,
        string id,
        FunctionContext context) =>
        new JsonAnswer(await webhooks.RotateAsync(CurrentUser.Of(context), id, context.CancellationToken));

    [Function(nameof(PingWebhook))]
    [Access(Roles.Host, Roles.Merchant)]
    [Api("Send a ping to a webhook", Description = "To try the receiver out.")]
    [Parameter("id", typeof(string), "The webhook.")]
    [Answers(StatusCodes.Status202Accepted, typeof(Delivery), "The delivery, which is sent in a moment.")]
    [Fails(nameof(Problems.UnknownWebhook))]
    public async Task<IActionResult> PingWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/{id}/ping")] HttpRequest request,
        string id,
        FunctionContext context) => new JsonAnswer(
            await webhooks.PingAsync(CurrentUser.Of(context), id, context.CancellationToken),
            StatusCodes.Status202Accepted);

    [Function(nameof(ListDeliveries))]
    [Access(Roles.Host, Roles.Merchant)]
    [Api("What was sent to a webhook", Description = "Newest first, for 30 days, with every try.")]
    [Parameter("id", typeof(string), "The webhook.")]
    [Parameter("state", typeof(string), "Only those in this state.", Values = ["pending", "delivered", "dead"])]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<Delivery>), "Deliveries.")]
    [Fails(nameof(Problems.UnknownWebhook), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> ListDeliveries(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "webhooks/{id}/deliveries")] HttpRequest request,
        string id,
        FunctionContext context) => new JsonAnswer(await webhooks.DeliveriesAsync(
            CurrentUser.Of(context), id, request.Choice<DeliveryState>("state"),
            PageRequest.From(request, DefaultPage, MaxPage), context.CancellationToken));

    [Function(nameof(RedeliverWebhook))]
    [Access(Roles.Host, Roles.Merchant)]
    [Api("Send a delivery again", Description = "One that was taken or given up, with all its tries anew.")]
    [Parameter("id", typeof(string), "The webhook.")]
    [Parameter("deliveryId", typeof(string), "The delivery.")]
    [Answers(StatusCodes.Status202Accepted, typeof(Delivery), "It is sent in a moment.")]
    [Fails(nameof(Problems.UnknownWebhook), nameof(Problems.NotFound))]
    public async Task<IActionResult> RedeliverWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/{id}/deliveries/{deliveryId}/redeliver")]
        HttpRequest request,
        string id,
        string deliveryId,
        FunctionContext context) => new JsonAnswer(
            await webhooks.SendAgainAsync(CurrentUser.Of(context), id, deliveryId, context.CancellationToken),
            StatusCodes.Status202Accepted);
}
