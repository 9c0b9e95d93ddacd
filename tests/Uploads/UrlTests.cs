using FinVault.Platform;
using FinVault.Tests.Support;
using FinVault.Uploads;

namespace FinVault.Tests.Uploads;

/// <summary>A signed URL puts one new blob, for fifteen minutes, and can do nothing else.</summary>
[Collection(UploadTests.Name)]
public sealed class UrlTests(UploadApp app)
{
    [NodeFact]
    public async Task Put_OverTheFirst_IsForbidden()
    {
        Uploader user = app.As(UploadApp.Somebody());
        TestFile file = TestFile.Png();
        SignedUpload signed = await user.PresignPictureAsync(file);
        Assert.Equal(201, await Uploader.PutAsync(signed, file.Bytes));

        Assert.Equal(403, await Uploader.PutAsync(signed, TestFile.Png().Bytes));
        Assert.True((await user.ConfirmAsync(signed.ObjectKey)).IsSuccess);
        Assert.Empty(await app.WaitingAsync(signed.UploadId));
    }

    [NodeFact]
    public async Task Url_OnAnotherBlob_IsForbidden()
    {
        Uploader user = app.As(UploadApp.Somebody());
        TestFile file = TestFile.Png();
        SignedUpload signed = await user.PresignPictureAsync(file);
        string other = UploadApp.NewId("UPLOAD");
        Uri url = new(signed.Url.AbsoluteUri.Replace(signed.UploadId, other, StringComparison.Ordinal));

        Assert.Equal(403, await Uploader.PutAsync(signed with { Url = url }, file.Bytes));
        Assert.Empty(await app.WaitingAsync(other));
    }

    [NodeFact]
    public async Task Url_ForAnythingButAPut_IsForbidden()
    {
        Uploader user = app.As(UploadApp.Somebody());
        TestFile file = TestFile.Png();
        SignedUpload signed = await user.PresignPictureAsync(file);
        await Uploader.PutAsync(signed, file.Bytes);
        string container = signed.Url.AbsoluteUri.Replace(
            $"/{signed.ObjectKey}?", "?restype=container&comp=list&", StringComparison.Ordinal);

        Assert.Equal(403, await Uploader.StatusAsync(HttpMethod.Get, signed.Url));
        Assert.Equal(403, await Uploader.StatusAsync(HttpMethod.Delete, signed.Url));
        Assert.Equal(403, await Uploader.StatusAsync(HttpMethod.Get, new Uri(container)));
        Assert.Equal([signed.ObjectKey], await app.WaitingAsync(signed.UploadId));
    }

    [NodeFact]
    public async Task Url_ThatHasExpired_IsForbiddenAndANewOneGoesOn()
    {
        ManualClock clock = new(DateTimeOffset.UtcNow.AddMinutes(-16));
        await using AppHost beside = await app.BesideAsync(clock);
        Uploader user = new(beside, UploadApp.Somebody());
        TestFile file = TestFile.Png();
        SignedUpload signed = await user.PresignPictureAsync(file);
        Assert.Equal(TimeSpan.FromMinutes(15), signed.ExpiresAt - clock.GetUtcNow());
        Assert.Equal(403, await Uploader.PutAsync(signed, file.Bytes));
        Assert.Empty(await app.WaitingAsync(signed.UploadId));

        clock.Jump(TimeSpan.FromMinutes(16));
        SignedUpload again = (await user.ResumeAsync(signed.UploadId)).As<SignedUpload>();
        Assert.Equal((signed.ObjectKey, false), (again.ObjectKey, again.Complete));
        Assert.Equal(201, await Uploader.PutAsync(again, file.Bytes));
        Assert.True((await user.ResumeAsync(signed.UploadId)).As<SignedUpload>().Complete);
        Assert.True((await user.ConfirmAsync(signed.ObjectKey)).IsSuccess);
    }

    [NodeFact]
    public async Task Url_AskedForAgainBeforeItIsOver_LivesLongerForTheSameBlob()
    {
        Uploader user = app.As(UploadApp.Somebody());
        TestFile file = TestFile.Png();
        SignedUpload first = await user.PresignPictureAsync(file);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        SignedUpload second = (await user.ResumeAsync(first.UploadId)).As<SignedUpload>();

        Assert.Equal((first.ObjectKey, TimeSpan.FromMinutes(1)), (second.ObjectKey, second.ExpiresAt - first.ExpiresAt));
        Assert.Equal(201, await Uploader.PutAsync(second, file.Bytes));
        Assert.Equal(403, await Uploader.PutAsync(first, file.Bytes));
        Assert.True((await user.ConfirmAsync(first.ObjectKey)).IsSuccess);
        Assert.Empty(await app.WaitingAsync(first.UploadId));
    }

    [NodeTheory]
    [InlineData("avatar", "image/png", 10, "unknown_upload_kind")]
    [InlineData("profilePicture", "image/gif", 10, "upload_type_refused")]
    [InlineData("profilePicture", "application/pdf", 10, "upload_type_refused")]
    [InlineData("profilePicture", "image/png", 0, "invalid_upload")]
    [InlineData("profilePicture", "image/png", (5 * 1024 * 1024) + 1, "upload_too_large")]
    public async Task Presign_OfWhatIsNotTaken_SaysWhy(string kind, string contentType, long bytes, string code)
    {
        Uploader user = app.As(UploadApp.Somebody());

        Outcome refused = await user.PresignAsync(new(kind, user.User.UserId, contentType, bytes, TestFile.Png().Sha256));

        Assert.Equal(code, refused.Code);
    }

    [NodeTheory]
    [InlineData(0)]
    [InlineData(21)]
    public async Task PresignBulk_OfTooFewOrTooMany_IsRefused(int count)
    {
        Uploader user = app.As(UploadApp.Somebody());
        UploadRequest item = Uploader.Of(UploadKind.ProfilePicture, user.User.UserId, TestFile.Png());

        Outcome refused = await user.SendAsync(
            HttpMethod.Post, "uploads/presign-bulk", new UploadRequests([.. Enumerable.Repeat(item, count)]));

        Assert.Equal(Problems.TooManyUploads.Code, refused.Code);
    }
}
