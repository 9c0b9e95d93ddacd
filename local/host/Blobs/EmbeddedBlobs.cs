using System.ComponentModel;
using Azure;
using Azure.Storage.Blobs;
using FinVault.Local.Hosting;
using FinVault.Local.Web;

namespace FinVault.Local.Blobs;

/// <summary>
/// Blob Storage of the local host: Azurite on Node.js, installed on first use, started beside the host and watched. Until
/// it is there, or where there is no Node.js, there is no client and uploads say so; all else works.
/// </summary>
public sealed class EmbeddedBlobs : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly LocalHostOptions _options;
    private readonly BlobAccount _account;
    private readonly ILogger<EmbeddedBlobs> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private volatile BlobServiceClient? _client;

    internal EmbeddedBlobs(LocalHostOptions options, string? folder, ILogger<EmbeddedBlobs> logger) =>
        (_options, _account, _logger) = (options, new BlobAccount(folder), logger);

    /// <summary>The account; null while there is none.</summary>
    public BlobServiceClient? Client => _client;

    /// <summary>Completes when it is there for the first time: false when it will not be.</summary>
    public Task<bool> Ready => _ready.Task;

    /// <summary>The process of the run under way; null between runs.</summary>
    internal int? ProcessId { get; private set; }

    /// <summary>Starts in the background.</summary>
    internal void Start(IReadOnlyCollection<string> origins) => _running = Task.Run(() => RunAsync(origins));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ready.TrySetResult(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(IReadOnlyCollection<string> origins)
    {
        try
        {
            if (NpmFolder.Find("local", "host", "Blobs", "azurite") is not { } folder)
            {
                throw new InvalidOperationException("Azurite is not part of this copy of FinVault.");
            }

            await InstallAsync(new NpmFolder(folder, "blobs", _options.Console));
            await WatchAsync(folder, origins);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Win32Exception
            or InvalidOperationException)
        {
            string why = failure is Win32Exception ? "Node.js 20 or newer was not found." : failure.Message;
            _logger.LogWarning("There is no Blob Storage: {Why} Uploads answer 503, everything else works.", why);
        }
        finally
        {
            _ready.TrySetResult(false);
        }
    }

    private async Task InstallAsync(NpmFolder npm)
    {
        if (npm.IsInstalled)
        {
            return;
        }

        using FileStream alone = await npm.OneAtATimeAsync(_stopping.Token);
        npm.Say("installing Azurite for uploads (first run) …");
        await npm.InstallAsync(_stopping.Token);
        npm.Say("Azurite is installed");
    }

    // Started again when it dies, later each time that it dies young.
    private async Task WatchAsync(string folder, IReadOnlyCollection<string> origins)
    {
        TimeSpan pause = FirstPause;
        while (!_stopping.IsCancellationRequested)
        {
            await using AzuriteProcess azurite = AzuriteProcess.Start(
                _options.Node, folder, _account.Data, _account.Port, _account.Declaration);
            ProcessId = azurite.Id;
            if (await UseAsync(azurite, origins))
            {
                pause = FirstPause;
            }

            (_client, ProcessId) = (null, null);
            if (!_stopping.IsCancellationRequested)
            {
                _logger.LogWarning("Azurite ended; it is started again in {Pause}.", pause);
                await Task.Delay(pause, _stopping.Token);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    // True when it came to serve; returns when it has ended or must end.
    private async Task<bool> UseAsync(AzuriteProcess azurite, IReadOnlyCollection<string> origins)
    {
        try
        {
            Uri address = await azurite.Listening.WaitAsync(_stopping.Token);
            _client = await _account.SetUpAsync(address, origins, _stopping.Token);
            _ready.TrySetResult(true);
            await azurite.Ended.WaitAsync(_stopping.Token);
            return true;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception failure) when (failure is InvalidOperationException or RequestFailedException)
        {
            _logger.LogWarning("Azurite did not start: {Why}", failure.Message);
            _account.ForgetPort();
            return false;
        }
    }
}
