using FinVault.Platform;
using FinVault.Tests.Support;
using FinVault.Uploads;

namespace FinVault.Tests.Uploads;

/// <summary>What is not as it was declared is refused with a stable code and removed.</summary>
[Collection(UploadTests.Name)]
public sealed class RefusalTests(UploadApp app)
{
    [NodeFact]
    public Task Confirm_OfAnotherContentType_IsRefused() =>
        RefusesAsync(TestFile.Png(), file => file, Problems.UploadTypeMismatch, "text/html");

    [NodeFact]
    public Task Confirm_OfAnExecutableNamedPng_IsRefused() =>
        RefusesAsync(TestFile.Executable(), file => file, Problems.UploadTypeMismatch);

    [NodeFact]
    public Task Confirm_OfAJpegDeclaredPng_IsRefused() =>
        RefusesAsync(TestFile.Jpeg() with { ContentType = "image/png" }, file => file, Problems.UploadTypeMismatch);

    [NodeFact]
    public Task Confirm_OfATruncatedFile_IsRefused() =>
        RefusesAsync(TestFile.Png(), file => file[..^1], Problems.UploadSizeMismatch);

    [NodeFact]
    public Task Confirm_OfAFileLargerThanDeclared_IsRefused() =>
        RefusesAsync(TestFile.Png(), file => [.. file, 0], Problems.UploadSizeMismatch);

    [NodeFact]
    public Task Confirm_OfOtherBytesOfTheSameSize_IsRefused() =>
        RefusesAsync(TestFile.Png(), _ => TestFile.Png().Bytes, Problems.UploadChecksumMismatch);

    [NodeFact]
    public async Task Confirm_BeforeAnythingIsThere_SaysSoAndMayBeRepeated()
    {
        Uploader user = app.As(UploadApp.Somebody());
        TestFile file = TestFile.Webp();
        SignedUpload signed = await user.PresignPictureAsync(file);
        Assert.Equal(Problems.UploadMissing.Code, (await user.ConfirmAsync(signed.ObjectKey)).Code);

        Assert.Equal(201, await Uploader.PutAsync(signed, file.Bytes));
        Assert.True((await user.ConfirmAsync(signed.ObjectKey)).IsSuccess);
    }

    [NodeFact]
    public async Task Confirm_OfAnothersUpload_KnowsNothingOfIt()
    {
        Uploader owner = app.As(UploadApp.Somebody());
        TestFile file = TestFile.Png();
        SignedUpload signed = await owner.PresignPictureAsync(file);
        await Uploader.PutAsync(signed, file.Bytes);
        Uploader other = app.As(owner.User with { UserId = UploadApp.NewId("USER") });

        Assert.Equal(Problems.UnknownUpload.Code, (await other.ConfirmAsync(signed.ObjectKey)).Code);
        Assert.Equal(Problems.UnknownUpload.Code, (await other.ResumeAsync(signed.UploadId)).Code);
        Assert.True((await owner.ConfirmAsync(signed.ObjectKey)).IsSuccess);
    }

    [NodeFact]
    public async Task Put_AfterTheRefusal_IsSweptOnceTheUrlIsOver()
    {
        Uploader user = app.As(UploadApp.Somebody());
        TestFile file = TestFile.Png();
        SignedUpload signed = await user.PresignPictureAsync(file);
        await Uploader.PutAsync(signed, file.Bytes[..100]);
        Assert.Equal(Problems.UploadSizeMismatch.Code, (await user.ConfirmAsync(signed.ObjectKey)).Code);

        // The URL still works: what it puts there now belongs to nobody.
        Assert.Equal(201, await Uploader.PutAsync(signed, file.Bytes));
        Assert.Equal(Problems.UploadSizeMismatch.Code, (await user.ConfirmAsync(signed.ObjectKey)).Code);
        app.Clock.Jump(TimeSpan.FromMinutes(17));
        await app.SweepAsync();
        Assert.Empty(await app.WaitingAsync(signed.UploadId));
    }

    private async Task RefusesAsync(
        TestFile declared, Func<byte[], byte[]> sent, ProblemDefinition problem, string? contentType = null)
    {
        Uploader user = app.As(UploadApp.Somebody());
        SignedUpload signed = await user.PresignPictureAsync(declared);
        Assert.Equal(201, await Uploader.PutAsync(signed, sent(declared.Bytes), contentType));

        Outcome refused = await user.ConfirmAsync(signed.ObjectKey);

        Assert.Equal((problem.Status, problem.Code), (refused.Status, refused.Code));
        Assert.Equal(problem.Code, (await user.ConfirmAsync(signed.ObjectKey)).Code);
        Assert.Equal(problem.Code, (await user.ResumeAsync(signed.UploadId)).Code);
        Assert.Empty(await app.WaitingAsync(signed.UploadId));
        Assert.Empty(await app.PublicAsync(UploadKind.ProfilePicture, user.User.UserId));
    }
}
