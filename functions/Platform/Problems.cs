using System.Reflection;

namespace FinVault.Platform;

/// <summary>
/// One kind of refusal: a stable code that clients test for, its HTTP status, and a title for people.
/// </summary>
/// <param name="Code">Stable, snake_case; also the last part of the problem's <c>type</c>.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">Short, the same for every occurrence (RFC 9457, section 3.1.3).</param>
public sealed record ProblemDefinition(string Code, int Status, string Title)
{
    /// <summary>The problem's type: a URN, since the meaning is stable and nothing is served under it.</summary>
    public string Type => $"urn:finvault:problem:{Code}";

    /// <summary>What to throw for one occurrence. <paramref name="detail"/> is shown to the caller.</summary>
    public ProblemException With(string detail) => new(this, detail);

    /// <summary>The same, with members of its own beside the standard ones.</summary>
    public ProblemException With(string detail, IReadOnlyDictionary<string, object?> extensions) =>
        new(this, detail, extensions);
}

/// <summary>The catalogue of every problem that the API answers with. A slice adds its own here.</summary>
public static class Problems
{
    public static readonly ProblemDefinition InvalidRequest = new("invalid_request", 400, "The request is not valid");
    public static readonly ProblemDefinition InvalidBody = new("invalid_body", 400, "The body cannot be read");
    public static readonly ProblemDefinition InvalidTicks = new("invalid_ticks", 400, "The ticks cannot be read");
    public static readonly ProblemDefinition TooManyTicks = new("too_many_ticks", 413, "Too many ticks in one call");
    public static readonly ProblemDefinition BodyTooLarge = new("body_too_large", 413, "The body is too large");
    public static readonly ProblemDefinition UnsupportedMediaType =
        new("unsupported_media_type", 415, "The content type is not supported");

    public static readonly ProblemDefinition UnknownSymbol = new("unknown_symbol", 404, "The symbol is not known");
    public static readonly ProblemDefinition UnknownBoard = new("unknown_board", 404, "The board is not known");
    public static readonly ProblemDefinition InvalidSymbol = new("invalid_symbol", 400, "The symbol is not valid");
    public static readonly ProblemDefinition TooManySymbols = new("too_many_symbols", 400, "Too many symbols");
    public static readonly ProblemDefinition RangeTooLong = new("range_too_long", 400, "The range is too long");
    public static readonly ProblemDefinition InvalidDate = new("invalid_date", 400, "The date is not valid");
    public static readonly ProblemDefinition InvalidInterval =
        new("invalid_interval", 400, "The interval is not valid");
    public static readonly ProblemDefinition InvalidCursor = new("invalid_cursor", 400, "The cursor is not valid");
    public static readonly ProblemDefinition InvalidLimit = new("invalid_limit", 400, "The limit is not valid");
    public static readonly ProblemDefinition InvalidOffset = new("invalid_offset", 400, "The offset is not valid");

    public static readonly ProblemDefinition Unauthenticated = new("unauthenticated", 401, "You are not signed in");
    public static readonly ProblemDefinition InvalidToken = new("invalid_token", 401, "The token is not valid");
    public static readonly ProblemDefinition Forbidden = new("forbidden", 403, "You may not do this");
    public static readonly ProblemDefinition WeakPassword = new("weak_password", 400, "The password is too weak");
    public static readonly ProblemDefinition InvalidCredentials =
        new("invalid_credentials", 401, "The credentials are wrong");

    public static readonly ProblemDefinition InvalidCode = new("invalid_code", 401, "The code is wrong");
    public static readonly ProblemDefinition InvalidOneTimeToken =
        new("invalid_one_time_token", 400, "The link or challenge is over or was used");

    public static readonly ProblemDefinition EmailNotVerified =
        new("email_not_verified", 403, "The e-mail address is not confirmed");

    public static readonly ProblemDefinition StepUpRequired =
        new("step_up_required", 403, "Prove once more who you are");

    public static readonly ProblemDefinition SecondFactorActive =
        new("second_factor_active", 409, "A second factor is set up already");

    public static readonly ProblemDefinition UnknownSession = new("unknown_session", 404, "There is no such session");
    public static readonly ProblemDefinition UnknownTenant = new("unknown_tenant", 404, "There is no such tenant");
    public static readonly ProblemDefinition UnknownUser = new("unknown_user", 404, "There is no such user");
    public static readonly ProblemDefinition TooManyTenants = new("too_many_tenants", 409, "Too many tenants");
    public static readonly ProblemDefinition UnknownApiKey = new("unknown_api_key", 404, "There is no such API key");
    public static readonly ProblemDefinition TooManyApiKeys = new("too_many_api_keys", 409, "Too many API keys");
    public static readonly ProblemDefinition UnknownProvider =
        new("unknown_provider", 404, "There is no such way to sign in");

    public static readonly ProblemDefinition ProviderRefused =
        new("provider_refused", 401, "The provider did not confirm who you are");

    public static readonly ProblemDefinition UnknownUploadKind =
        new("unknown_upload_kind", 400, "The kind of upload is not known");

    public static readonly ProblemDefinition UploadNotAllowed =
        new("upload_not_allowed", 403, "You may not upload this for that");

    public static readonly ProblemDefinition UploadTypeRefused =
        new("upload_type_refused", 400, "The content type is not taken for this kind");

    public static readonly ProblemDefinition UploadTooLarge = new("upload_too_large", 413, "The file is too large");
    public static readonly ProblemDefinition InvalidUpload = new("invalid_upload", 400, "The upload is not valid");
    public static readonly ProblemDefinition TooManyUploads =
        new("too_many_uploads", 400, "Too many uploads in one call");
    public static readonly ProblemDefinition UploadQuotaExceeded =
        new("upload_quota_exceeded", 429, "Too many uploads are open");

    public static readonly ProblemDefinition UnknownUpload = new("unknown_upload", 404, "There is no such upload");
    public static readonly ProblemDefinition UploadMissing = new("upload_missing", 409, "The file is not there yet");
    public static readonly ProblemDefinition UploadExpired = new("upload_expired", 410, "The upload is over");
    public static readonly ProblemDefinition UploadSizeMismatch =
        new("upload_size_mismatch", 422, "The file does not have the declared size");

    public static readonly ProblemDefinition UploadTypeMismatch =
        new("upload_type_mismatch", 422, "The file is not of the declared type");

    public static readonly ProblemDefinition UploadChecksumMismatch =
        new("upload_checksum_mismatch", 422, "The file does not have the declared checksum");

    public static readonly ProblemDefinition UploadsUnavailable =
        new("uploads_unavailable", 503, "Uploads are not available here");

    public static readonly ProblemDefinition InvalidSignature =
        new("invalid_signature", 401, "The signature is not valid");

    public static readonly ProblemDefinition InvalidCurrency =
        new("invalid_currency", 400, "The currency is not known");

    public static readonly ProblemDefinition AlreadyAssigned = new("already_assigned", 409, "It is assigned already");
    public static readonly ProblemDefinition UnknownWithdrawal =
        new("unknown_withdrawal", 404, "There is no such withdrawal");

    public static readonly ProblemDefinition InvalidTransition =
        new("invalid_transition", 409, "It is not in a state that allows this");

    public static readonly ProblemDefinition SecondPersonNeeded =
        new("second_person_needed", 403, "Somebody else must decide this");

    public static readonly ProblemDefinition MerchantNotPayable =
        new("merchant_not_payable", 409, "The merchant cannot be paid");

    public static readonly ProblemDefinition SpendLimitExceeded =
        new("spend_limit_exceeded", 422, "It is more than the limit allows");

    public static readonly ProblemDefinition InvalidWebhookUrl =
        new("invalid_webhook_url", 400, "The URL cannot be called");

    public static readonly ProblemDefinition TooManyWebhooks = new("too_many_webhooks", 409, "Too many webhooks");
    public static readonly ProblemDefinition UnknownWebhook = new("unknown_webhook", 404, "There is no such webhook");
    public static readonly ProblemDefinition InvalidGiveaway =
        new("invalid_giveaway", 400, "The giveaway is not valid");

    public static readonly ProblemDefinition UnknownGiveaway =
        new("unknown_giveaway", 404, "There is no such giveaway");

    public static readonly ProblemDefinition TooManyGiveaways =
        new("too_many_giveaways", 409, "Too many giveaways are not over");

    public static readonly ProblemDefinition ChangedMeanwhile =
        new("changed_meanwhile", 409, "Somebody has changed it meanwhile");

    public static readonly ProblemDefinition GiveawayNotOpen =
        new("giveaway_not_open", 409, "The giveaway is not open for this");

    public static readonly ProblemDefinition GiveawayFull = new("giveaway_full", 409, "As many take part as may");
    public static readonly ProblemDefinition AlreadyRegistered =
        new("already_registered", 409, "Somebody registered with this contact");

    public static readonly ProblemDefinition InvalidRegistration =
        new("invalid_registration", 400, "The registration is not valid");

    public static readonly ProblemDefinition InvalidParticipant =
        new("invalid_participant", 401, "You are not known as a participant");

    public static readonly ProblemDefinition InvalidAttempt =
        new("invalid_attempt", 400, "The attempt is not valid");

    public static readonly ProblemDefinition NoAttemptsLeft =
        new("no_attempts_left", 409, "You have made all of your attempts");

    public static readonly ProblemDefinition AlreadyWon = new("already_won", 409, "You have won as much as one may");
    public static readonly ProblemDefinition UnknownPrize = new("unknown_prize", 404, "There is no such prize of yours");
    public static readonly ProblemDefinition ClaimOver = new("claim_over", 410, "The time to claim is over");
    public static readonly ProblemDefinition UnknownAccount = new("unknown_account", 404, "There is no such account");
    public static readonly ProblemDefinition UnknownTransfer =
        new("unknown_transfer", 404, "There is no such transfer");

    public static readonly ProblemDefinition TransferNotReversible =
        new("transfer_not_reversible", 409, "The transfer cannot be reversed");

    public static readonly ProblemDefinition InsufficientFunds =
        new("insufficient_funds", 409, "Less is available than that takes");

    public static readonly ProblemDefinition DifferentContent =
        new("different_content", 422, "The id was used with other content");

    public static readonly ProblemDefinition InvalidStatement =
        new("invalid_statement", 400, "The statement cannot be read");

    public static readonly ProblemDefinition ReconciliationTooLarge =
        new("reconciliation_too_large", 422, "Too many entries in one reconciliation");

    public static readonly ProblemDefinition UnknownReconciliation =
        new("unknown_reconciliation", 404, "There is no such reconciliation");

    public static readonly ProblemDefinition UnknownUnmatchedItem =
        new("unknown_unmatched_item", 404, "There is no such unmatched item");

    public static readonly ProblemDefinition AlreadyResolved =
        new("already_resolved", 409, "The item was resolved before");

    public static readonly ProblemDefinition UnknownOrchestration =
        new("unknown_orchestration", 404, "There is no such orchestration");

    public static readonly ProblemDefinition OrchestrationEnded =
        new("orchestration_ended", 409, "The orchestration has ended");

    public static readonly ProblemDefinition OrchestrationSuspended =
        new("orchestration_suspended", 409, "The orchestration is suspended already");

    public static readonly ProblemDefinition OrchestrationNotSuspended =
        new("orchestration_not_suspended", 409, "The orchestration is not suspended");

    public static readonly ProblemDefinition OrchestrationNotFailed =
        new("orchestration_not_failed", 409, "The orchestration has not failed");

    public static readonly ProblemDefinition InvalidIdempotencyKey =
        new("invalid_idempotency_key", 400, "The idempotency key is not valid");

    public static readonly ProblemDefinition IdempotencyKeyInUse =
        new("idempotency_key_in_use", 409, "A call with this key is running");

    public static readonly ProblemDefinition IdempotencyKeyReused =
        new("idempotency_key_reused", 422, "The key was used for something else");

    public static readonly ProblemDefinition MerchantNotApproved =
        new("merchant_not_approved", 409, "The merchant is not approved");

    public static readonly ProblemDefinition KycNotOpen =
        new("kyc_not_open", 409, "The check of the merchant does not stand there");

    public static readonly ProblemDefinition StockTooLow = new("stock_too_low", 409, "Fewer are left than that");
    public static readonly ProblemDefinition UnknownGiftCard =
        new("unknown_gift_card", 404, "There is no such gift card here");

    public static readonly ProblemDefinition GiftCardNotGood =
        new("gift_card_not_good", 409, "The gift card is not good any more");

    public static readonly ProblemDefinition GiftCardInUse =
        new("gift_card_in_use", 409, "The gift card is being redeemed elsewhere");

    public static readonly ProblemDefinition TooManyAttempts =
        new("too_many_attempts", 429, "Too many wrong codes");

    public static readonly ProblemDefinition RedemptionOver =
        new("redemption_over", 409, "The redemption is over");

    public static readonly ProblemDefinition RateLimited = new("rate_limited", 429, "Too many calls");
    public static readonly ProblemDefinition UnknownDraw = new("unknown_draw", 404, "There is no such draw");
    public static readonly ProblemDefinition UnknownEntry = new("unknown_entry", 404, "There is no such entry");
    public static readonly ProblemDefinition DrawNotRevealed = new("draw_not_revealed", 409, "The draw has not come so far");
    public static readonly ProblemDefinition InvalidTask = new("invalid_task", 400, "The tasks are not valid");
    public static readonly ProblemDefinition UnknownTask = new("unknown_task", 404, "There is no such task");
    public static readonly ProblemDefinition UnknownCompletion =
        new("unknown_completion", 404, "There is no such completion");
    public static readonly ProblemDefinition InvalidCompletion =
        new("invalid_completion", 400, "The completion is not valid");
    public static readonly ProblemDefinition HandleTaken = new("handle_taken", 409, "The account is somebody else's");
    public static readonly ProblemDefinition NotFound = new("not_found", 404, "There is no such thing");
    public static readonly ProblemDefinition Unavailable = new("unavailable", 503, "Not available for the moment");
    public static readonly ProblemDefinition Internal = new("internal", 500, "Something went wrong");

    /// <summary>The definition with a code that was stored.</summary>
    public static ProblemDefinition WithCode(string code) => ByName.Values.First(p => p.Code == code);

    /// <summary>Every definition by the name of its member, for documentation and its tests.</summary>
    public static IReadOnlyDictionary<string, ProblemDefinition> ByName { get; } = typeof(Problems)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.FieldType == typeof(ProblemDefinition))
        .ToDictionary(field => field.Name, field => (ProblemDefinition)field.GetValue(null)!);
}

/// <summary>Thrown by a slice for input it refuses; <see cref="RequestMiddleware"/> turns it into the answer.</summary>
public sealed class ProblemException(
    ProblemDefinition problem, string detail, IReadOnlyDictionary<string, object?>? extensions = null)
    : Exception(detail)
{
    public ProblemDefinition Problem { get; } = problem;

    public string Detail { get; } = detail;

    public IReadOnlyDictionary<string, object?>? Extensions { get; } = extensions;

    /// <summary>Seconds after which a retry makes sense (the <c>Retry-After</c> header), if it does.</summary>
    public int? RetryAfterSeconds { get; init; }
}
