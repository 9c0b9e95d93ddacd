using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Support;
using FinVault.Uploads;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Uploads;

/// <summary>Large files go in blocks, and a reload costs no more than the block under way.</summary>
[Collection(UploadTests.Name)]
public sealed class BlockTests(UploadApp app)
{
    private const int MegaByte = 1024 * 1024;

    [NodeModulesFact]
    public async Task TwoHundredMegabytes_CutInTheMiddle_SendsOnlyWhatIsMissing()
    {
        Uploader merchant = app.As(UploadApp.Somebody(Roles.Merchant));
        TestFile file = TestFile.Pdf(200 * MegaByte);
        SignedUpload first = await PresignAsync(merchant, file);
        Assert.Equal(25, first.Blocks!.Missing.Count);
        await using (NodeClient cut = NodeClient.Start((first, file)))
        {
            await cut.KillAfterAsync(lines: 12);
        }

        SignedUpload again = (await merchant.ResumeAsync(first.UploadId)).As<SignedUpload>();
        Assert.InRange(again.Blocks!.Missing.Count, 1, 13);
        Assert.False(again.Complete);
        await using (NodeClient rest = NodeClient.Start((again, file)))
        {
            Assert.Equal(again.Blocks.Missing.Count + 1, (await rest.FinishAsync()).Length);
        }

        Assert.True((await merchant.ResumeAsync(first.UploadId)).As<SignedUpload>().Complete);
        ConfirmedUpload confirmed = (await merchant.ConfirmAsync(first.ObjectKey)).As<ConfirmedUpload>();
        Assert.Equal(first.UploadId, confirmed.UploadId);
        Assert.Empty(await app.WaitingAsync(first.UploadId));
    }

    [NodeFact]
    public async Task Resume_WithABlockOfAnotherSize_AsksForItAgain()
    {
        Uploader merchant = app.As(UploadApp.Somebody(Roles.Merchant));
        TestFile file = TestFile.Pdf(9 * MegaByte);
        SignedUpload signed = await PresignAsync(merchant, file);
        await Uploader.PutBlockAsync(signed, 0, new TestFile(file.Bytes[..MegaByte], file.ContentType));
        await Uploader.PutBlockAsync(signed, 1, file);

        SignedUpload again = (await merchant.ResumeAsync(signed.UploadId)).As<SignedUpload>();

        Assert.Equal([signed.Blocks!.Ids[0]], again.Blocks!.Missing);
    }

    [NodeFact]
    public async Task Blocks_ThatAreNeverCommitted_AreSwept()
    {
        ManualClock clock = new(DateTimeOffset.UtcNow);
        await using AppHost beside = await app.BesideAsync(clock, ("Uploads:UploadSeconds", "60"));
        Uploader merchant = new(beside, UploadApp.Somebody(Roles.Merchant));
        TestFile file = TestFile.Pdf(9 * MegaByte);
        SignedUpload signed = await PresignAsync(merchant, file);
        await Uploader.PutBlockAsync(signed, 1, file);
        Assert.NotEmpty(await app.WaitingAsync(signed.UploadId));
        Assert.Equal(Problems.UploadMissing.Code, (await merchant.ConfirmAsync(signed.ObjectKey)).Code);

        clock.Advance(TimeSpan.FromMinutes(2));
        await beside.Host.Services.GetRequiredService<UploadSweeper>().SweepAsync(CancellationToken.None);

        await app.SweptAsync(signed.UploadId);
        Assert.Equal(Problems.UploadExpired.Code, (await merchant.ConfirmAsync(signed.ObjectKey)).Code);
        Assert.Equal(Problems.UploadExpired.Code, (await merchant.ResumeAsync(signed.UploadId)).Code);
    }

    private static async Task<SignedUpload> PresignAsync(Uploader merchant, TestFile file) =>
        (await merchant.PresignAsync(Uploader.Of(UploadKind.MerchantDocument, Merchant.IdOf(merchant.User.TenantId), file)))
            .As<SignedUpload>();
}
