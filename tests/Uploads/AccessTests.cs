using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Local.Identity;
using FinVault.Platform;
using FinVault.Tests.Support;
using FinVault.Uploads;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Uploads;

/// <summary>Who may call what, and what there is without Blob Storage.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task EveryRoute_ThatDoesNotSayWhyItIsPublic_AsksForAToken()
    {
        await using AppHost app = await AppHost.StartAsync();
        foreach (FunctionModel function in app.Host.Functions)
        {
            if (function.Method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>())
                .FirstOrDefault(trigger => trigger is not null) is not { } http
                || function.Method.GetCustomAttribute<PublicAttribute>() is not null)
            {
                continue;
            }

            string path = "api/v1/" + http.Route!.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            using HttpRequestMessage request = new(new HttpMethod(http.Methods![0].ToUpperInvariant()), path);
            using HttpResponseMessage answer = await app.Client.SendAsync(request);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{function.Name}: {answer.StatusCode}");
        }

        Assert.All(
            app.Host.Functions.Select(f => f.Method.GetCustomAttribute<PublicAttribute>()).OfType<PublicAttribute>(),
            open => Assert.NotEqual("", open.Why.Trim()));
        Assert.DoesNotContain(
            app.Host.Functions.Where(f => f.Method.GetCustomAttribute<PublicAttribute>() is not null),
            open => open.Method.DeclaringType == typeof(UploadFunctions));
    }

    [Theory]
    [InlineData("Bearer", "nothing")]
    [InlineData("Bearer", "dev.e30.AAAA")]
    [InlineData("Basic", "YTpi")]
    public async Task Token_ThatIsNotOurs_IsUnauthorized(string scheme, string token)
    {
        await using AppHost app = await AppHost.StartAsync();
        app.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, token);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Client.GetAsync("api/v1/profile")).StatusCode);
    }

    [Fact]
    public async Task OperatorsList_ForAnybodyButAnAdmin_IsForbidden()
    {
        await using AppHost app = await AppHost.StartAsync();

        Outcome outcome = await new Uploader(app, UploadApp.Somebody(Roles.Host)).SendAsync(
            HttpMethod.Get, "operations/uploads");

        Assert.Equal((403, Problems.Forbidden.Code), (outcome.Status, outcome.Code));
    }

    [Fact]
    public async Task Uploads_WithoutNode_AreUnavailableAndEverythingElseWorks()
    {
        await using AppHost app = await AppHost.StartAsync(
            AppHost.Defaults with { Blobs = true, Node = "finvault-no-such-program" });
        Assert.False(await app.Host.Blobs.Ready);
        Uploader user = new(app, UploadApp.Somebody());

        Outcome presign = await user.PresignAsync(
            Uploader.Of(UploadKind.ProfilePicture, user.User.UserId, TestFile.Png()));

        Assert.Equal((503, Problems.UploadsUnavailable.Code), (presign.Status, presign.Code));
        Assert.True((await user.SendAsync(HttpMethod.Put, "profile", new ProfileChange("Asha"))).IsSuccess);
        Assert.True((await app.Client.GetAsync("api/v1/health")).IsSuccessStatusCode);
        Assert.True((await user.SendAsync(HttpMethod.Get, "profile")).As<Profile>() is { DisplayName: "Asha" });
    }

    [Fact]
    public async Task DemoUsers_UnderAnotherName_AreNotThere()
    {
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with { DemoAccounts = true });
        Assert.Contains("asha@", await app.Client.GetStringAsync("dev/users"), StringComparison.Ordinal);
        using HttpRequestMessage request = new(HttpMethod.Get, "dev/users") { Headers = { Host = "finvault.example" } };

        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.SendAsync(request)).StatusCode);
    }
}
