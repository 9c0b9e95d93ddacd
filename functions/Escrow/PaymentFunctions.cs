using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Escrow;

/// <summary>What the payment provider tells us, and what an operator does with what nobody understood.</summary>
public sealed class PaymentFunctions(PaymentEvents events, PaymentEventStore store, PaymentOptions options, TimeProvider time)
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(ReceivePaymentEvent))]
    [Public("The payment provider calls it; its signature over the raw body is checked before anything else.")]
    [Unlimited("Each event is signed; one that is refused would only come again.")]
    [Api(
        "An event of the payment provider",
        Description = "Signed with `Webhook-Signature: t=UNIX_SECONDS,v1=HEX`, HMAC-SHA256 over `t.body`, within 300 s. "
            + "Types: `topup`, `payout_success`, `payout_failed`, `charge_success`, `charge_failed`; any other is "
            + "acknowledged and kept.")]
    [Body(typeof(PaymentEvent))]
    [Answers(StatusCodes.Status200OK, typeof(PaymentEventAnswer), "It is kept, and what became of it.")]
    [Fails(nameof(Problems.InvalidSignature), nameof(Problems.InvalidBody), nameof(Problems.BodyTooLarge))]
    public async Task<IActionResult> ReceivePaymentEvent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/payments")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        using MemoryStream body = await request.ReadBytesAsync(MaxBodyBytes, cancellationToken);
        ReadOnlyMemory<byte> raw = body.GetBuffer().AsMemory(0, (int)body.Length);
        string? signature = request.Headers[WebhookSignature.Header];
        if (!WebhookSignature.IsValid(signature, raw.Span, options.WebhookSecrets, time.GetUtcNow()))
        {
            throw Problems.InvalidSignature.With("The body is not signed by a secret that counts, or not just now.");
        }

        (PaymentEventState state, bool repeated) = await events.ReceiveAsync(raw, cancellationToken);
        return new JsonAnswer(new PaymentEventAnswer(state, repeated));
    }

    /// <summary>Does what was kept when something failed or died in the middle.</summary>
    [Function(nameof(ResumePaymentEvents))]
    public Task ResumePaymentEvents(
        [TimerTrigger("5 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        events.ResumeAsync(cancellationToken);

    [Function(nameof(ListPaymentEvents))]
    [Access(Roles.Admin)]
    [Api("Events of the payment provider that were set aside", Description = "Newest first.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<PaymentEventView>), "Events, each with why it was set aside.")]
    public async Task<IActionResult> ListPaymentEvents(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/payment-events")] HttpRequest request,
        CancellationToken cancellationToken) => new JsonAnswer(
            await store.SetAsideAsync(PageRequest.From(request, DefaultPage, MaxPage), cancellationToken));

    [Function(nameof(ReplayPaymentEvent))]
    [Access(Roles.Admin)]
    [Api("Do again what an event says", Description = "One that was set aside. What is done already is not done twice.")]
    [Parameter("eventId", typeof(string), "The provider's id of it.")]
    [Answers(StatusCodes.Status200OK, typeof(PaymentEventAnswer), "What became of it.")]
    [Fails(nameof(Problems.NotFound))]
    public async Task<IActionResult> ReplayPaymentEvent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/payment-events/{eventId}/replay")]
        HttpRequest request,
        string eventId,
        CancellationToken cancellationToken) =>
        new JsonAnswer(new PaymentEventAnswer(await events.ReplayAsync(eventId, cancellationToken), false));
}

/// <summary>What became of an event.</summary>
/// <param name="State">Done, or set aside for an operator.</param>
/// <param name="Repeated">Whether it had come before.</param>
public sealed record PaymentEventAnswer(PaymentEventState State, bool Repeated);
