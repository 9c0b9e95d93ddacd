using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs;
using FinVault.Local.Hosting;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.Blobs;

public sealed class EmbeddedBlobsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [NodeFact]
    public async Task Azurite_WhenItIsKilled_ComesBackAtItsAddressWithWhatItHad()
    {
        using TemporaryFolder folder = new();
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with { Blobs = true, Data = folder.Path });
        Assert.True(await app.Host.Blobs.Ready);
        Uri address = app.Host.Blobs.Client!.Uri;
        int first = app.Host.Blobs.ProcessId!.Value;
        using (Process azurite = Process.GetProcessById(first))
        {
            azurite.Kill();
        }

        await Eventually.TrueAsync(
            () => app.Host.Blobs.ProcessId is { } id && id != first && app.Host.Blobs.Client is not null, "Azurite is back");

        Assert.Equal(address, app.Host.Blobs.Client!.Uri);
        Assert.True(await app.Host.Blobs.Client.GetBlobContainerClient("media").ExistsAsync());
    }

    [NodeFact]
    public async Task Blobs_OfAHostThatStopped_AreThereForTheNext()
    {
        using TemporaryFolder folder = new();
        LocalHostOptions options = AppHost.Defaults with { Blobs = true, Data = folder.Path };
        Uri blob;
        await using (AppHost first = await AppHost.StartAsync(options))
        {
            Assert.True(await first.Host.Blobs.Ready);
            BlobClient written = first.Host.Blobs.Client!.GetBlobContainerClient("media").GetBlobClient("kept");
            await written.UploadAsync(BinaryData.FromString("kept"));
            blob = written.Uri;
        }

        await using AppHost second = await AppHost.StartAsync(options);
        Assert.True(await second.Host.Blobs.Ready);
        using HttpClient anybody = new();
        Assert.Equal("kept", await anybody.GetStringAsync(blob));
    }

    [NodeFact]
    public async Task Azurite_WhenItsHostIsKilled_EndsToo()
    {
        using ChildProcess host = ChildProcess.Start<HostWithBlobs>();
        using CancellationTokenSource overdue = new(Limit);
        string? line = await host.ReadLineAsync(overdue.Token);
        using Process azurite = Process.GetProcessById(int.Parse(line!, CultureInfo.InvariantCulture));
        Assert.False(azurite.HasExited);

        await host.KillAsync();

        await azurite.WaitForExitAsync(overdue.Token);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("finvault-blobs-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}

/// <summary>A host that tells the process of its Azurite and then waits to be killed.</summary>
public sealed class HostWithBlobs : IChildProgram
{
    public async Task RunAsync(string[] args)
    {
        await using LocalHost host = await LocalHost.StartAsync(AppHost.Defaults with { Blobs = true });
        await host.Blobs.Ready;
        Console.WriteLine(host.Blobs.ProcessId);
        await Task.Delay(Timeout.Infinite);
    }
}
