using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Support;
using FinVault.Uploads;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Uploads;

/// <summary>Files that are what was declared end in their place, known to their entity.</summary>
[Collection(UploadTests.Name)]
public sealed class ConfirmTests(UploadApp app)
{
    [NodeModulesFact]
    public async Task TenFiles_AtOnceThroughTheRealSdk_AreAllThere()
    {
        Uploader host = app.As(UploadApp.Somebody(Roles.Host));
        string prize = UploadApp.NewId("PRIZE");
        TestFile[] files = [.. Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? TestFile.Png() : TestFile.Jpeg())];
        UploadRequests wanted = new([.. files.Select(file => Uploader.Of(UploadKind.PrizeImage, prize, file))]);
        SignedUpload[] signed = [.. (await host.SendAsync(HttpMethod.Post, "uploads/presign-bulk", wanted))
            .As<BulkAnswer<SignedUpload>>().Results.Select(result => result.Value!)];

        await using (NodeClient node = NodeClient.Start([.. signed.Zip(files)]))
        {
            Assert.Equal(10, (await node.FinishAsync()).Length);
        }

        // One that was never asked for does not hinder the ten.
        string unknown = $"{UploadBlobs.Quarantine}/{UploadApp.NewId("UPLOAD")}";
        ConfirmRequests keys = new([.. signed.Select(s => s.ObjectKey), unknown]);
        IReadOnlyList<ItemResult<ConfirmedUpload>> results = (await host.SendAsync(
            HttpMethod.Post, "uploads/confirm-bulk", keys)).As<BulkAnswer<ConfirmedUpload>>().Results;

        Assert.Equal([.. Enumerable.Repeat(200, 10), 404], results.Select(result => result.Status));
        Assert.Equal(Problems.UnknownUpload.Code, results[10].Problem!.Code);
        foreach ((ItemResult<ConfirmedUpload> result, TestFile file) in results.Zip(files))
        {
            using HttpResponseMessage there = await Uploader.GetAsync(result.Value!.Url);
            Assert.Equal(file.ContentType, there.Content.Headers.ContentType!.MediaType);
            Assert.Equal(file.Bytes, await there.Content.ReadAsByteArrayAsync());
            Assert.Empty(await app.WaitingAsync(result.Value.UploadId));
        }
    }

    [NodeFact]
    public async Task ProfilePicture_WhenConfirmed_IsOnTheProfile()
    {
        Uploader user = app.As(UploadApp.Somebody());
        ConfirmedUpload confirmed = await UploadAsync(
            user, UploadKind.ProfilePicture, user.User.UserId, TestFile.Webp());

        Profile profile = (await user.SendAsync(HttpMethod.Get, "profile")).As<Profile>();
        Assert.Equal(confirmed.Url, profile.PictureUrl);
    }

    [NodeTheory]
    [InlineData(UploadKind.EventImage, "EVENT")]
    [InlineData(UploadKind.PrizeImage, "PRIZE")]
    public async Task GiveawayImage_WhenConfirmed_IsKeptByItsEntity(string kind, string prefix)
    {
        string entity = UploadApp.NewId(prefix);
        ConfirmedUpload confirmed = await UploadAsync(
            app.As(UploadApp.Somebody(Roles.Host)), kind, entity, TestFile.Png());

        Container giveaways = Cosmos.GetContainer(Containers.Database, Containers.Giveaways);
        EntityFiles? kept = await new EntityOwners(giveaways, "/giveaway").ReadAsync(entity, CancellationToken.None);
        Assert.Equal(confirmed.Url, kept!.Urls[kind]);
    }

    [NodeFact]
    public async Task MerchantDocument_WhenConfirmed_IsKeptAndNotPublic()
    {
        Uploader merchant = app.As(UploadApp.Somebody(Roles.Merchant));
        string entity = Merchant.IdOf(merchant.User.TenantId);
        ConfirmedUpload confirmed = await UploadAsync(merchant, UploadKind.MerchantDocument, entity, TestFile.Pdf());

        MerchantDocument kept = await Cosmos.GetContainer(Containers.Database, Containers.Escrow)
            .ReadItemAsync<MerchantDocument>(confirmed.UploadId, new PartitionKey(merchant.User.TenantId));
        Assert.Equal((entity, confirmed.Url), (kept.Merchant, kept.Url));
        Assert.NotEqual(200, await Uploader.StatusAsync(HttpMethod.Get, confirmed.Url));
    }

    [NodeTheory]
    [InlineData(UploadKind.EventImage, "EVENT", Roles.Merchant)]
    [InlineData(UploadKind.PrizeImage, "PRIZE", Roles.User)]
    [InlineData(UploadKind.PrizeImage, "EVENT", Roles.Host)]
    [InlineData(UploadKind.MerchantDocument, "MERCHANT", Roles.Host)]
    [InlineData(UploadKind.ProfilePicture, "USER", Roles.Admin)]
    public async Task Presign_WithoutTheRightToTheEntity_IsForbidden(string kind, string prefix, string role)
    {
        Uploader user = app.As(UploadApp.Somebody(role));
        TestFile file = kind == UploadKind.MerchantDocument ? TestFile.Pdf() : TestFile.Png();

        Outcome refused = await user.PresignAsync(Uploader.Of(kind, UploadApp.NewId(prefix), file));

        Assert.Equal(Problems.UploadNotAllowed.Code, refused.Code);
    }

    [NodeTheory]
    [InlineData(UploadKind.EventImage, "EVENT", Roles.Host)]
    [InlineData(UploadKind.MerchantDocument, "MERCHANT", Roles.Merchant)]
    public async Task Presign_ForAnotherTenantsEntity_IsForbidden(string kind, string prefix, string role)
    {
        TestFile file = kind == UploadKind.MerchantDocument ? TestFile.Pdf() : TestFile.Png();
        Uploader owner = app.As(UploadApp.Somebody(role));
        string entity = prefix == "MERCHANT" ? Merchant.IdOf(owner.User.TenantId) : UploadApp.NewId(prefix);
        Assert.True((await owner.PresignAsync(Uploader.Of(kind, entity, file))).IsSuccess);
        Uploader colleague = app.As(owner.User with { UserId = UploadApp.NewId("USER") });
        Assert.True((await colleague.PresignAsync(Uploader.Of(kind, entity, file))).IsSuccess);

        Outcome refused = await app.As(UploadApp.Somebody(role)).PresignAsync(Uploader.Of(kind, entity, file));

        Assert.Equal(Problems.UploadNotAllowed.Code, refused.Code);
    }

    [NodeFact]
    public async Task Confirm_TwiceAndTwentyTimesAtOnce_AnswersTheSame()
    {
        Uploader user = app.As(UploadApp.Somebody());
        TestFile file = TestFile.Png();
        SignedUpload signed = await user.PresignPictureAsync(file);
        await Uploader.PutAsync(signed, file.Bytes);

        Outcome[] together = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => user.ConfirmAsync(signed.ObjectKey)));
        Outcome later = await user.ConfirmAsync(signed.ObjectKey);

        Assert.Single(together.Append(later).Select(outcome => outcome.As<ConfirmedUpload>()).Distinct());
        Assert.Single(await app.PublicAsync(UploadKind.ProfilePicture, user.User.UserId));
        Assert.Empty(await app.WaitingAsync(signed.UploadId));
    }

    private CosmosClient Cosmos => app.App.Host.Services.GetRequiredService<CosmosClient>();

    private static async Task<ConfirmedUpload> UploadAsync(Uploader user, string kind, string entity, TestFile file)
    {
        SignedUpload signed = (await user.PresignAsync(Uploader.Of(kind, entity, file))).As<SignedUpload>();
        Assert.Equal(201, await Uploader.PutAsync(signed, file.Bytes));
        return (await user.ConfirmAsync(signed.ObjectKey)).As<ConfirmedUpload>();
    }
}
