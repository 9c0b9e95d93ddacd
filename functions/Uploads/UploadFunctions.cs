using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Uploads;

/// <summary>Presigned uploads: where to put a file, and the word that it is there.</summary>
public sealed class UploadFunctions(UploadPresigning uploads, UploadConfirmation confirmation, UploadStore store)
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxPage = 200;

    [Function(nameof(PresignUpload))]
    [Access]
    [Api("A URL to upload one file", Description = "Valid for 15 minutes, for this one file, which goes straight to Blob Storage.")]
    [Body(typeof(UploadRequest))]
    [Answers(StatusCodes.Status201Created, typeof(SignedUpload), "Where and how to put the file.")]
    [Fails(nameof(Problems.UnknownUploadKind), nameof(Problems.UploadNotAllowed), nameof(Problems.UploadTypeRefused),
        nameof(Problems.UploadTooLarge), nameof(Problems.InvalidUpload), nameof(Problems.UploadQuotaExceeded),
        nameof(Problems.UploadsUnavailable))]
    public async Task<IActionResult> PresignUpload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "uploads/presign")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        UploadRequest wanted = await request.ReadJsonAsync<UploadRequest>(MaxBodyBytes, cancellation);
        SignedUpload signed = await uploads.PresignAsync(CurrentUser.Of(context), wanted, cancellation);
        return new JsonAnswer(signed, StatusCodes.Status201Created);
    }

    [Function(nameof(PresignUploads))]
    [Access]
    [Api("URLs to upload files", Description = "At most 20; each has its own result.")]
    [Body(typeof(UploadRequests))]
    [Answers(StatusCodes.Status200OK, typeof(BulkAnswer<SignedUpload>), "A result for each, in their order.")]
    [Fails(nameof(Problems.TooManyUploads))]
    public async Task<IActionResult> PresignUploads(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "uploads/presign-bulk")] HttpRequest request,
        FunctionContext context)
    {
        CurrentUser user = CurrentUser.Of(context);
        CancellationToken cancellation = context.CancellationToken;
        UploadRequests wanted = await request.ReadJsonAsync<UploadRequests>(MaxBodyBytes, cancellation);
        return new JsonAnswer(await BulkAnswer.OfAsync(
            wanted.Items, StatusCodes.Status201Created, item => uploads.PresignAsync(user, item, cancellation)));
    }

    [Function(nameof(ResumeUpload))]
    [Access]
    [Api("A new URL for an upload under way", Description = "For a file in blocks it says which blocks are missing.")]
    [Parameter("id", typeof(string), "The upload.")]
    [Answers(StatusCodes.Status200OK, typeof(SignedUpload), "Where and how to go on.")]
    [Fails(nameof(Problems.UnknownUpload), nameof(Problems.UploadExpired), nameof(Problems.UploadsUnavailable))]
    public async Task<IActionResult> ResumeUpload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "uploads/{id}/resume")] HttpRequest request,
        string id,
        FunctionContext context) =>
        new JsonAnswer(await uploads.ResumeAsync(CurrentUser.Of(context), id, context.CancellationToken));

    [Function(nameof(ConfirmUpload))]
    [Access]
    [Api("Confirm an uploaded file", Description = "Checks size, type and checksum. May be repeated; a file that is not what was declared is removed.")]
    [Body(typeof(ConfirmRequest))]
    [Answers(StatusCodes.Status200OK, typeof(ConfirmedUpload), "Where it is now.")]
    [Fails(nameof(Problems.UnknownUpload), nameof(Problems.UploadMissing), nameof(Problems.UploadExpired),
        nameof(Problems.UploadSizeMismatch), nameof(Problems.UploadTypeMismatch), nameof(Problems.UploadChecksumMismatch),
        nameof(Problems.UploadsUnavailable))]
    public async Task<IActionResult> ConfirmUpload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "uploads/confirm")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        ConfirmRequest wanted = await request.ReadJsonAsync<ConfirmRequest>(MaxBodyBytes, cancellation);
        return new JsonAnswer(await confirmation.ConfirmAsync(CurrentUser.Of(context), wanted.ObjectKey, cancellation));
    }

    [Function(nameof(ConfirmUploads))]
    [Access]
    [Api("Confirm uploaded files", Description = "At most 20; each has its own result.")]
    [Body(typeof(ConfirmRequests))]
    [Answers(StatusCodes.Status200OK, typeof(BulkAnswer<ConfirmedUpload>), "A result for each, in their order.")]
    [Fails(nameof(Problems.TooManyUploads))]
    public async Task<IActionResult> ConfirmUploads(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "uploads/confirm-bulk")] HttpRequest request,
        FunctionContext context)
    {
        CurrentUser user = CurrentUser.Of(context);
        CancellationToken cancellation = context.CancellationToken;
        ConfirmRequests wanted = await request.ReadJsonAsync<ConfirmRequests>(MaxBodyBytes, cancellation);
        return new JsonAnswer(await BulkAnswer.OfAsync(
            wanted.ObjectKeys, StatusCodes.Status200OK, key => confirmation.ConfirmAsync(user, key, cancellation)));
    }

    [Function(nameof(ListUploads))]
    [Access(Roles.Admin)]
    [Api("Uploads of everybody", Description = "Newest first.")]
    [Parameter("state", typeof(string), "Only those in this state.", Values = ["issued", "published", "confirmed", "refused", "expired"])]
    [Paged(50, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<Upload>), "Uploads.")]
    public async Task<IActionResult> ListUploads(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/uploads")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PageRequest page = PageRequest.From(request, 50, MaxPage);
        return new JsonAnswer(await store.ListAsync(request.Choice<UploadState>("state"), page, cancellationToken));
    }
}
