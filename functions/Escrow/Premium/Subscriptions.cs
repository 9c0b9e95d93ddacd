using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>What a user does with a subscription: begin, look, cancel, renew. The money is moved by its orchestration.</summary>
public sealed class Subscriptions(
    SubscriptionStore store, PremiumOptions options, IPaymentProvider provider, TimeProvider time)
{
    private const int RetryAfterSeconds = 30;
    private const int MaxPaymentMethod = 100;

    /// <summary>What there is to have.</summary>
    public PremiumPlan Plan => new(
        options.Plan, options.Amount, options.Currency, Currencies.Exponents[options.Currency], options.TrialDays);

    /// <exception cref="ProblemException">unknown_subscription.</exception>
    public async Task<Subscription> ReadAsync(string user, CancellationToken cancellationToken) =>
        View(await FindAsync(user, cancellationToken));

    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public Task<Page<SubscriptionCharge>> ChargesAsync(
        string user, PageRequest page, CancellationToken cancellationToken) =>
        store.ChargesAsync(user, page, cancellationToken);

    /// <summary>A new subscription. Its first payment is under way then, unless there is a trial.</summary>
    /// <exception cref="ProblemException">invalid_request, already_subscribed, unavailable.</exception>
    public async Task<Subscription> SubscribeAsync(
        string user, SubscriptionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string method = Checked(request.PaymentMethod);
        RequireProvider();
        Versioned<SubscriptionDocument>? before = await store.FindVersionAsync(user, cancellationToken);
        if (before is { Document.State: not SubscriptionState.Ended })
        {
            throw Already();
        }

        SubscriptionDocument added = SubscriptionRules.New(
            user, Ids.New(SubscriptionDocument.Prefix, time), method, before?.Document.TrialUsed ?? false, options,
            time.GetUtcNow());
        return await store.AddAsync(added, before, cancellationToken) ? View(added) : throw Already();
    }

    /// <summary>Renews it no more. It lasts as long as it is paid; repeated, it is done already.</summary>
    /// <exception cref="ProblemException">unknown_subscription, invalid_transition.</exception>
    public Task<Subscription> CancelAsync(string user, CancellationToken cancellationToken) =>
        ChangeAsync(user, SubscriptionEvent.Cancel, null, cancellationToken);

    /// <summary>Takes a cancellation back, or has a declined payment tried again now.</summary>
    /// <exception cref="ProblemException">unknown_subscription, invalid_transition, invalid_request.</exception>
    public Task<Subscription> RenewAsync(
        string user, SubscriptionRenewal renewal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(renewal);
        string? method = renewal.PaymentMethod is { } given ? Checked(given) : null;
        return ChangeAsync(user, SubscriptionEvent.Renew, method, cancellationToken);
    }

    private async Task<Subscription> ChangeAsync(
        string user, SubscriptionEvent wanted, string? method, CancellationToken cancellationToken)
    {
        while (true)
        {
            Versioned<SubscriptionDocument> before = await store.FindVersionAsync(user, cancellationToken) ?? throw Unknown();
            SubscriptionDocument now = before.Document;
            if (wanted == SubscriptionEvent.Cancel && now.State == SubscriptionState.Cancelled)
            {
                return View(now);
            }

            SubscriptionDocument after =
                SubscriptionRules.After(now, wanted, options, time.GetUtcNow()) ?? throw Refusal(now.State, wanted);
            after = after with { PaymentMethod = method ?? after.PaymentMethod };
            if (await store.ChangeAsync(before, after, cancellationToken))
            {
                return View(after);
            }
        }
    }

    private async Task<SubscriptionDocument> FindAsync(string user, CancellationToken cancellationToken) =>
        await store.FindAsync(user, cancellationToken) ?? throw Unknown();

    private Subscription View(SubscriptionDocument one) => SubscriptionRules.View(one, options, time.GetUtcNow());

    // Whoever sends a card's number has misread what is asked for, and it must not be kept.
    private static string Checked(string method) => method.Length is > 0 and <= MaxPaymentMethod
        && method.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') && method.Any(char.IsAsciiLetter)
        ? method
        : throw Problems.InvalidRequest.With(
            $"paymentMethod is the provider's token: 1 to {MaxPaymentMethod} letters, digits, _ and -, never only digits.");

    private void RequireProvider()
    {
        if (!provider.IsAvailable)
        {
            throw new ProblemException(Problems.Unavailable, "Payments are not available for the moment.")
            {
                RetryAfterSeconds = RetryAfterSeconds,
            };
        }
    }

    private static ProblemException Already() => Problems.AlreadySubscribed.With("You have a subscription already.");

    private static ProblemException Unknown() => Problems.UnknownSubscription.With("You have no subscription.");

    private static ProblemException Refusal(SubscriptionState from, SubscriptionEvent wanted)
    {
        SubscriptionState to = SubscriptionTransitions.Target(wanted);
        return Problems.InvalidTransition.With(
            $"A subscription that is {from} cannot become {to} by {wanted}.",
            new Dictionary<string, object?> { ["from"] = from, ["to"] = to, ["event"] = wanted });
    }
}
