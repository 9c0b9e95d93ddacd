using System.Text.Json;
using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Escrow;

/// <summary>An event of the provider, as it is sent.</summary>
/// <param name="Id">The provider's; the same however often it is sent.</param>
/// <param name="Type"><c>topup</c>, <c>payout_success</c>, <c>payout_failed</c>, <c>charge_success</c>, <c>charge_failed</c>, or an unknown one.</param>
/// <param name="Data">What it says.</param>
public sealed record PaymentEvent(string Id, string Type, JsonElement Data);

/// <summary>What became of an event.</summary>
public enum PaymentEventState
{
    /// <summary>Kept, and not done yet.</summary>
    Open,

    /// <summary>Done. The same event again does nothing.</summary>
    Done,

    /// <summary>Kept for an operator: unknown, for nobody here, or not to be done.</summary>
    SetAside,
}

/// <summary>An event of the provider, for operators.</summary>
/// <param name="EventId">The provider's id.</param>
/// <param name="Kind">Its type.</param>
/// <param name="State">What became of it.</param>
/// <param name="Reason">Why it was set aside.</param>
/// <param name="Body">As it was sent.</param>
/// <param name="ReceivedAt">When it came first.</param>
public sealed record PaymentEventView(
    string EventId, string Kind, PaymentEventState State, string? Reason, string Body, DateTimeOffset ReceivedAt);

/// <summary>
/// Takes what the provider tells: keeps the event under its id, does what it says, notes that it is done. What it says
/// is done once by ids of its own (the top-up's reference, the payout's), so two copies at the same moment, or one
/// whose note was lost, do no harm.
/// </summary>
public sealed partial class PaymentEvents(
    PaymentEventStore store, TopUps topUps, IEnumerable<IPayoutListener> listeners, ILogger<PaymentEvents> logger)
{
    private readonly Dictionary<string, IPayoutListener> _listeners =
        listeners.ToDictionary(listener => listener.Kind, StringComparer.Ordinal);

    /// <summary>Takes a body whose signature was checked.</summary>
    /// <returns>What became of it, and whether that was so before.</returns>
    /// <exception cref="ProblemException">invalid_body: it is no event at all.</exception>
    public async Task<(PaymentEventState State, bool Repeated)> ReceiveAsync(
        ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        PaymentEvent told = Parse(body.Span);
        PaymentEventDocument kept = await store.KeepAsync(told, body, cancellationToken);
        return kept.State == PaymentEventState.Open
            ? (await HandleAsync(kept, told, cancellationToken), false)
            : (kept.State, true);
    }

    /// <summary>Does what was kept and not done, since something failed or died.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await foreach (PaymentEventDocument kept in store.OpenAsync(cancellationToken))
        {
            try
            {
                await HandleAsync(kept, Parse(kept.Bytes), cancellationToken);
            }
            catch (Exception passing) when (Failures.IsTransient(passing) && !cancellationToken.IsCancellationRequested)
            {
                LogLater(kept.EventId, kept.Kind, passing);
            }
        }
    }

    /// <summary>Does again what was set aside.</summary>
    /// <exception cref="ProblemException">not_found.</exception>
    public async Task<PaymentEventState> ReplayAsync(string eventId, CancellationToken cancellationToken)
    {
        PaymentEventDocument kept = await store.FindAsync(eventId, cancellationToken)
            ?? throw Problems.NotFound.With("There is no such event.");
        return kept.State == PaymentEventState.Done
            ? kept.State
            : await HandleAsync(kept, Parse(kept.Bytes), cancellationToken);
    }

    internal static bool IsName(string text) =>
        text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    private static PaymentEvent Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            PaymentEvent told = JsonSerializer.Deserialize<PaymentEvent>(body, Json.Options)
                ?? throw Problems.InvalidBody.With("The body is null.");
            return IsName(told.Id) && IsName(told.Type)
                ? told
                : throw Problems.InvalidBody.With("id and type have 1 to 100 letters, digits, _, - and full stops.");
        }
        catch (JsonException json)
        {
            throw Problems.InvalidBody.With(Failures.Describe(json));
        }
    }

    private async Task<PaymentEventState> HandleAsync(
        PaymentEventDocument kept, PaymentEvent told, CancellationToken cancellationToken)
    {
        string? reason;
        try
        {
            reason = await DoAsync(told, cancellationToken);
        }
        catch (Exception failure) when (!Failures.IsTransient(failure))
        {
            LogFailed(told.Id, told.Type, failure);
            reason = $"{failure.GetType().Name}: {failure.Message}";
        }

        PaymentEventState state = reason is null ? PaymentEventState.Done : PaymentEventState.SetAside;
        await store.CloseAsync(kept, state, reason, cancellationToken);
        PaymentTelemetry.Received(told.Type, state.ToString());
        return state;
    }

    /// <summary>Null when it is done, else why it is not.</summary>
    private async Task<string?> DoAsync(PaymentEvent told, CancellationToken cancellationToken)
    {
        switch (told.Type)
        {
            case "topup" when Read<TopUpNotice>(told.Data) is { IsValid: true } topUp:
                await topUps.ReceiveAsync(topUp, cancellationToken);
                return null;
            case "payout_success" or "payout_failed" or "charge_success" or "charge_failed" when Read<PayoutNotice>(told.Data) is { } payout:
                return await TellAsync(payout with { EventId = told.Id }, told.Type, cancellationToken);
            case "topup" or "payout_success" or "payout_failed" or "charge_success" or "charge_failed":
                return "Its data cannot be read.";
            default:
                return "The type is not known.";
        }
    }

    private async Task<string?> TellAsync(PayoutNotice notice, string type, CancellationToken cancellationToken)
    {
        string kind = notice.Reference.Split('_')[0];
        if (!_listeners.TryGetValue(kind, out IPayoutListener? listener))
        {
            return $"Nobody here asks for payments with references that begin with '{kind}'.";
        }

        await (type is "payout_success" or "charge_success"
            ? listener.SucceededAsync(notice, cancellationToken)
            : listener.FailedAsync(notice, cancellationToken));
        return null;
    }

    private static T? Read<T>(JsonElement data)
        where T : class
    {
        try
        {
            return data.Deserialize<T>(Json.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(4120, LogLevel.Error, "Event {EventId} of type {EventType} was set aside")]
    private partial void LogFailed(string eventId, string eventType, Exception failure);

    [LoggerMessage(4121, LogLevel.Warning, "Event {EventId} of type {EventType} could not be done now")]
    private partial void LogLater(string eventId, string eventType, Exception failure);
}
