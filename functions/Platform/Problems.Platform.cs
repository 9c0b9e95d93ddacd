namespace FinVault.Platform;

// Problems that any route can answer with.
public static partial class Problems
{
    public static readonly ProblemDefinition InvalidRequest = new("invalid_request", 400, "The request is not valid");
    public static readonly ProblemDefinition InvalidBody = new("invalid_body", 400, "The body cannot be read");
    public static readonly ProblemDefinition BodyTooLarge = new("body_too_large", 413, "The body is too large");
    public static readonly ProblemDefinition BodyTooSlow = new("body_too_slow", 408, "The body came too slowly");
    public static readonly ProblemDefinition UnsupportedMediaType =
        new("unsupported_media_type", 415, "The content type is not supported");

    public static readonly ProblemDefinition InvalidCursor = new("invalid_cursor", 400, "The cursor is not valid");
    public static readonly ProblemDefinition InvalidLimit = new("invalid_limit", 400, "The limit is not valid");
    public static readonly ProblemDefinition InvalidOffset = new("invalid_offset", 400, "The offset is not valid");
    public static readonly ProblemDefinition InvalidSignature =
        new("invalid_signature", 401, "The signature is not valid");

    public static readonly ProblemDefinition AlreadyAssigned = new("already_assigned", 409, "It is assigned already");
    public static readonly ProblemDefinition InvalidTransition =
        new("invalid_transition", 409, "It is not in a state that allows this");

    public static readonly ProblemDefinition ChangedMeanwhile =
        new("changed_meanwhile", 409, "Somebody has changed it meanwhile");

    public static readonly ProblemDefinition DifferentContent =
        new("different_content", 422, "The id was used with other content");

    public static readonly ProblemDefinition InvalidIdempotencyKey =
        new("invalid_idempotency_key", 400, "The idempotency key is not valid");

    public static readonly ProblemDefinition IdempotencyKeyInUse =
        new("idempotency_key_in_use", 409, "A call with this key is running");

    public static readonly ProblemDefinition IdempotencyKeyReused =
        new("idempotency_key_reused", 422, "The key was used for something else");

    public static readonly ProblemDefinition RateLimited = new("rate_limited", 429, "Too many calls");
    public static readonly ProblemDefinition NotFound = new("not_found", 404, "There is no such thing");
    public static readonly ProblemDefinition Unavailable = new("unavailable", 503, "Not available for the moment");
    public static readonly ProblemDefinition Internal = new("internal", 500, "Something went wrong");
}
