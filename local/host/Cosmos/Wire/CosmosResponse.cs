using System.Globalization;
using System.Text.Encodings.Web;

namespace FinVault.Local.Cosmos;

/// <summary>One answer as the service gives it: status, substatus, charge and the headers SDKs act upon.</summary>
internal sealed record CosmosResponse(int Status)
{
    public int SubStatus { get; init; }
    public double Charge { get; init; }
    public string? ETag { get; init; }
    public string? Continuation { get; init; }
    public int? ItemCount { get; init; }
    public int? RetryAfterMilliseconds { get; init; }
    public CosmosContainer? Container { get; init; }
    public ReadOnlyMemory<byte> Body { get; init; }
    public string ContentType { get; init; } = "application/json";

    public static CosmosResponse Json(int status, ReadOnlyMemory<byte> body) => new(status) { Body = body };

    /// <summary>An error document with the service's shape: <c>{"code":…,"message":…}</c>.</summary>
    public static CosmosResponse Error(int status, int subStatus, string message) => new(status)
    {
        SubStatus = subStatus,
        Body = ErrorBody(status, message),
    };

    public static CosmosResponse From(Refusal refusal) => Error(refusal.Status, refusal.SubStatus, refusal.Message);

    private static byte[] ErrorBody(int status, string message)
    {
        string quoted = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(message);
        return System.Text.Encoding.UTF8.GetBytes($$"""{"code":"{{Code(status)}}","message":"{{quoted}}"}""");
    }

    private static string Code(int status) => status switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        408 => "RequestTimeout",
        409 => "Conflict",
        412 => "PreconditionFailed",
        413 => "RequestEntityTooLarge",
        424 => "FailedDependency",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "InternalServerError",
    };

    /// <summary>Every header of the answer, by a callback so that no list is built.</summary>
    public void WriteHeaders<TTarget>(TTarget target, string? activityId, Action<TTarget, string, string> add)
    {
        add(target, "x-ms-request-charge", Charge.ToString("0.##", CultureInfo.InvariantCulture));
        add(target, "x-ms-activity-id", activityId ?? Guid.NewGuid().ToString());
        add(target, "x-ms-serviceversion", "version=2.14.0.0");
        add(target, "x-ms-gatewayversion", "2.0.0");
        if (SubStatus != 0)
        {
            add(target, "x-ms-substatus", SubStatus.ToString(CultureInfo.InvariantCulture));
        }
        if (ETag is not null)
        {
            add(target, "etag", ETag);
        }
        if (Continuation is not null)
        {
            add(target, "x-ms-continuation", Continuation);
        }
        if (ItemCount is { } count)
        {
            add(target, "x-ms-item-count", count.ToString(CultureInfo.InvariantCulture));
        }
        if (RetryAfterMilliseconds is { } wait)
        {
            add(target, "x-ms-retry-after-ms", wait.ToString(CultureInfo.InvariantCulture));
        }
        if (Container is { } container)
        {
            string lsn = container.Lsn.ToString(CultureInfo.InvariantCulture);
            add(target, "lsn", lsn);
            add(target, "x-ms-session-token", $"{CosmosContainer.RangeId}:-1#{lsn}");
            add(target, "x-ms-documentdb-partitionkeyrangeid", CosmosContainer.RangeId);
            add(target, "x-ms-alt-content-path", container.AltContentPath);
            add(target, "x-ms-content-path", container.Rid);
        }
    }
}

/// <summary>A request the endpoint will not carry out: the service's status and substatus, and why.</summary>
internal sealed record Refusal(int Status, int SubStatus, string Message)
{
    public static readonly Refusal NotFound = new(404, 0,
        "Entity with the specified id does not exist in the system.");

    public static readonly Refusal OwnerNotFound = new(404, 1003, "Owner resource does not exist");

    public static readonly Refusal Conflict = new(409, 0,
        "Entity with the specified id already exists in the system.");

    public static readonly Refusal PreconditionFailed = new(412, 0,
        "One of the specified pre-condition is not met.");

    public static readonly Refusal TooLarge = new(413, 0, "Request size is too large");

    public static Refusal BadRequest(string message) => new(400, 0, message);
}

/// <summary>A refusal from deep inside parsing, where no result type reaches.</summary>
internal sealed class RefusedException(Refusal refusal) : Exception(refusal.Message)
{
    public RefusedException(string badRequest) : this(Refusal.BadRequest(badRequest))
    {
    }

    public Refusal Refusal { get; } = refusal;
}
