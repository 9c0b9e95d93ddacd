using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Support;
using FinVault.Uploads;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Uploads;

/// <summary>Quotas, the sweeper and the operator's list.</summary>
[Collection(UploadTests.Name)]
public sealed class QuotaTests(UploadApp app)
{
    [NodeFact]
    public async Task TwoHundredPresigns_AtOnce_OpenNoMoreThanTheQuota()
    {
        Uploader user = app.As(UploadApp.Somebody());
        TestFile file = TestFile.Png();
        Outcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => user.PresignAsync(
            Uploader.Of(UploadKind.ProfilePicture, user.User.UserId, file))));

        Assert.Equal(100, outcomes.Count(outcome => outcome.Status == 201));
        Assert.Equal(100, outcomes.Count(outcome => outcome.Code == Problems.UploadQuotaExceeded.Code));
    }

    [NodeFact]
    public async Task OpenQuota_IsGivenBackByConfirmRefusalAndSweep()
    {
        ManualClock clock = new(DateTimeOffset.UtcNow);
        await using AppHost beside = await app.BesideAsync(
            clock, ("Uploads:MaxOpen", "1"), ("Uploads:UploadSeconds", "60"));
        Uploader user = new(beside, UploadApp.Somebody());
        TestFile file = TestFile.Png();
        SignedUpload confirmed = await user.PresignPictureAsync(file);
        Assert.Equal(429, (await user.PresignAsync(Uploader.Of(UploadKind.ProfilePicture, user.User.UserId, file))).Status);
        await Uploader.PutAsync(confirmed, file.Bytes);
        Assert.True((await user.ConfirmAsync(confirmed.ObjectKey)).IsSuccess);

        SignedUpload refused = await user.PresignPictureAsync(file);
        await Uploader.PutAsync(refused, file.Bytes[1..]);
        Assert.Equal(422, (await user.ConfirmAsync(refused.ObjectKey)).Status);

        SignedUpload left = await user.PresignPictureAsync(file);
        await Uploader.PutAsync(left, file.Bytes);
        clock.Advance(TimeSpan.FromMinutes(2));
        await beside.Host.Services.GetRequiredService<UploadSweeper>().SweepAsync(CancellationToken.None);
        await app.SweptAsync(left.UploadId);
        await user.PresignPictureAsync(file);
    }

    [NodeFact]
    public async Task EntityQuota_IsOfADay()
    {
        ManualClock clock = new(new DateTimeOffset(2024, 1, 2, 23, 59, 0, TimeSpan.Zero));
        await using AppHost beside = await app.BesideAsync(clock, ("Uploads:MaxPerEntityADay", "2"));
        Uploader user = new(beside, UploadApp.Somebody());
        UploadRequest request = Uploader.Of(UploadKind.ProfilePicture, user.User.UserId, TestFile.Png());
        Assert.Equal(201, (await user.PresignAsync(request)).Status);
        Assert.Equal(201, (await user.PresignAsync(request)).Status);
        Assert.Equal(Problems.UploadQuotaExceeded.Code, (await user.PresignAsync(request)).Code);

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(201, (await user.PresignAsync(request)).Status);
    }

    [NodeFact]
    public async Task Sweep_OfAConfirmationThatDied_FinishesIt()
    {
        Uploader user = app.As(UploadApp.Somebody());
        TestFile file = TestFile.Png();
        SignedUpload signed = await user.PresignPictureAsync(file);
        await Uploader.PutAsync(signed, file.Bytes);
        UploadStore store = app.App.Host.Services.GetRequiredService<UploadStore>();
        Upload read = (await store.FindAsync(user.User.UserId, signed.UploadId, CancellationToken.None))!;
        Uri url = new("https://example.invalid/picture.png");
        await store.ReplaceAsync(
            read, read with { State = UploadState.Published, Url = url, DueAt = app.Clock.GetUtcNow() },
            CancellationToken.None);

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await app.SweepAsync();

        await app.SweptAsync(signed.UploadId);
        Assert.Equal(url, (await user.SendAsync(HttpMethod.Get, "profile")).As<Profile>().PictureUrl);
        Assert.Equal(url, (await user.ConfirmAsync(signed.ObjectKey)).As<ConfirmedUpload>().Url);
        Assert.Empty(await app.WaitingAsync(signed.UploadId));
    }

    [NodeFact]
    public async Task OperatorsList_PagesThroughEverybodysUploadsNewestFirst()
    {
        await using AppHost beside = await app.BesideAsync(new ManualClock(DateTimeOffset.UtcNow));
        List<string> asked = [];
        for (int i = 0; i < 5; i++)
        {
            asked.Add((await new Uploader(beside, UploadApp.Somebody()).PresignPictureAsync(TestFile.Png())).UploadId);
        }

        Uploader admin = new(beside, UploadApp.Somebody(Roles.Admin));
        Page<Upload> first = (await admin.SendAsync(HttpMethod.Get, "operations/uploads?limit=3&state=issued")).As<Page<Upload>>();
        Page<Upload> second = (await admin.SendAsync(
            HttpMethod.Get, $"operations/uploads?limit=3&state=issued&cursor={first.NextCursor}")).As<Page<Upload>>();

        Assert.Equal(asked.Order().Reverse(), first.Data.Concat(second.Data).Select(upload => upload.Id));
        Assert.Null(second.NextCursor);
        Assert.Empty((await admin.SendAsync(HttpMethod.Get, "operations/uploads?state=refused")).As<Page<Upload>>().Data);
        Assert.Equal(400, (await admin.SendAsync(HttpMethod.Get, "operations/uploads?state=lost")).Status);
    }
}
