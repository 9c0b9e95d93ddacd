using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;
using FinVault.Tests.E2e.Chrome;
using FinVault.Tests.Support;
using FinVault.Uploads;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Uploads;

/// <summary>One app with a real Azurite for all tests of uploads; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class UploadTests : ICollectionFixture<UploadApp>, ICollectionFixture<Browser>
{
    public const string Name = "uploads";
}

/// <summary>
/// FinVault with Blob Storage. Its clock starts at the true time, by which Azurite judges URLs, and moves when a test
/// moves it.
/// </summary>
public sealed class UploadApp : IAsyncLifetime
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private AppHost? _app;

    public ManualClock Clock { get; } = new(DateTimeOffset.UtcNow);

    public AppHost App => _app ?? throw new InvalidOperationException("The app has not started.");

    public BlobServiceClient Blobs => App.Host.Blobs.Client ?? throw new InvalidOperationException("There are no blobs.");

    /// <summary>Somebody new in a tenant of their own.</summary>
    public static CurrentUser Somebody(params string[] roles) =>
        new(NewId("USER"), NewId("TENANT"), roles.Append(Roles.User).ToHashSet());

    public static string NewId(string prefix) => Ids.New(prefix, DateTimeOffset.UtcNow);

    public async Task InitializeAsync()
    {
        if (Requires.Node is null)
        {
            _app = await AppHost.StartAsync(AppHost.Defaults with { Blobs = true, Web = true, Time = Clock });
            Assert.True(await _app.Host.Blobs.Ready.WaitAsync(InstallLimit), string.Join('\n', _app.Logs.All.Select(log => log.Message)));
        }
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>The address of a page of the web client.</summary>
    public Uri PageAt(string route) => new(App.Host.BaseAddress, "#/" + route);

    /// <summary>Waits for the web client, which the host builds beside what it does.</summary>
    public async Task PageIsThereAsync()
    {
        using CancellationTokenSource overdue = new(InstallLimit);
        while (true)
        {
            using HttpResponseMessage answer = await App.Client.GetAsync("/", overdue.Token);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(Poll, overdue.Token);
        }
    }

    public Uploader As(CurrentUser user) => new(App, user);

    /// <summary>Another app, with its own documents, settings and clock, on the same Blob Storage.</summary>
    public Task<AppHost> BesideAsync(TimeProvider time, params (string Name, string Value)[] settings)
    {
        LocalHostOptions options = AppHost.Defaults with
        {
            Time = time,
            Settings = settings.ToDictionary(s => s.Name, s => (string?)s.Value),
            Configure = services => services.AddSingleton<BlobServices>(() => Blobs),
        };
        return AppHost.StartAsync(options);
    }

    /// <summary>Waits until nothing of an upload is in quarantine: the app's own timer may be sweeping just then.</summary>
    public Task SweptAsync(string uploadId) =>
        Eventually.TrueAsync(async () => (await WaitingAsync(uploadId)).Count == 0, $"{uploadId} is swept");

    /// <summary>What is in quarantine of an upload, blocks that were never committed with it.</summary>
    public Task<IReadOnlyList<string>> WaitingAsync(string uploadId) =>
        NamesAsync(UploadBlobs.PrivateContainer, $"{UploadBlobs.Quarantine}/{uploadId}");

    /// <summary>What is kept under a name where nobody reads without a URL that is signed for it.</summary>
    public Task<IReadOnlyList<string>> PrivateAsync(string under) => NamesAsync(UploadBlobs.PrivateContainer, under);

    /// <summary>What anybody can read of an entity.</summary>
    public Task<IReadOnlyList<string>> PublicAsync(string kind, string entityId) =>
        NamesAsync(UploadBlobs.PublicContainer, $"{kind}/{entityId}/");

    public Task SweepAsync() => App.Host.Services.GetRequiredService<UploadSweeper>().SweepAsync(CancellationToken.None);

    private async Task<IReadOnlyList<string>> NamesAsync(string container, string prefix)
    {
        List<string> names = [];
        await foreach (BlobItem blob in Blobs.GetBlobContainerClient(container)
            .GetBlobsAsync(BlobTraits.None, BlobStates.Uncommitted, prefix, CancellationToken.None))
        {
            names.Add(blob.Name);
        }

        return names;
    }
}
