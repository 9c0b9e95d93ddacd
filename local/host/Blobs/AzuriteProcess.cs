using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FinVault.Local.Blobs;

/// <summary>One run of Azurite. It ends by itself when this process does, however that ends.</summary>
internal sealed partial class AzuriteProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _lastLine = "";

    private AzuriteProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => OnLine(line.Data);
        process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Ended = WatchAsync();
    }

    /// <summary>Where it listens. Fails when it ends before that, with the last that it said.</summary>
    public Task<Uri> Listening => _listening.Task;

    /// <summary>Completes when it has ended; never fails.</summary>
    public Task Ended { get; }

    public int Id => _process.Id;

    /// <param name="node">The Node.js program.</param>
    /// <param name="folder">Where its packages are.</param>
    /// <param name="data">Where it keeps blobs; null for memory.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="account">Its account and key, <c>name:key</c>.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no Node.js.</exception>
    public static AzuriteProcess Start(string node, string folder, string? data, int port, string account)
    {
        string[] kept = data is null ? ["--inMemoryPersistence"] : ["--location", data];
        ProcessStartInfo start = new(
            node,
            [
                Path.Combine(folder, "serve.cjs"), "--blobHost", "127.0.0.1", "--blobPort", $"{port}",
                "--silent", "--skipApiVersionCheck", "--disableProductStyleUrl", "--disableTelemetry", .. kept,
            ])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AZURITE_ACCOUNTS"] = account;
        return new(Process.Start(start) ?? throw new InvalidOperationException($"'{node}' did not start."));
    }

    /// <summary>Lets it write what it holds and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (await Task.WhenAny(Ended, Task.Delay(Patience)) != Ended)
        {
            _process.Kill(entireProcessTree: true);
            await Ended;
        }

        _process.Dispose();
    }

    private async Task WatchAsync()
    {
        await _process.WaitForExitAsync();
        _listening.TrySetException(new InvalidOperationException($"Azurite ended with {_process.ExitCode}: {_lastLine}"));
        // Nobody may be waiting any more.
        _ = _listening.Task.Exception;
    }

    private void OnLine(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        _lastLine = line;
        if (Announcement().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex("successfully listens on (?<address>http://[^ ]+)")]
    private static partial Regex Announcement();
}
