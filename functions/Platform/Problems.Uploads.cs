namespace FinVault.Platform;

// Problems of uploads.
public static partial class Problems
{
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
}
