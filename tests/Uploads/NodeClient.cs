using System.Diagnostics;
using System.Text.Json;
using FinVault.Platform;
using FinVault.Tests.Support;
using FinVault.Uploads;

namespace FinVault.Tests.Uploads;

/// <summary>The real <c>@azure/storage-blob</c> in a process of its own, putting files to signed URLs.</summary>
public sealed class NodeClient : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("finvault-uploads-").FullName;
    private readonly Process _process;

    private NodeClient(IReadOnlyList<(SignedUpload Signed, TestFile File)> items)
    {
        var written = items.Select((item, index) =>
        {
            string path = Path.Combine(_folder, $"{index}");
            File.WriteAllBytes(path, item.File.Bytes);
            return new { item.Signed, File = path };
        }).ToArray();
        string list = Path.Combine(_folder, "items.json");
        File.WriteAllText(list, JsonSerializer.Serialize(written, Json.Options));
        _process = Process.Start(new ProcessStartInfo("node", [Repository.PathTo("tests", "node", "uploads", "put.mjs"), list])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    public static NodeClient Start(params IReadOnlyList<(SignedUpload Signed, TestFile File)> items) => new(items);

    /// <summary>The lines it printed until it ended well.</summary>
    public async Task<string[]> FinishAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync();
        string error = await _process.StandardError.ReadToEndAsync();
        await _process.WaitForExitAsync();
        Assert.True(_process.ExitCode == 0, error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Kills it after so many lines.</summary>
    public async Task KillAfterAsync(int lines)
    {
        for (int i = 0; i < lines; i++)
        {
            Assert.NotNull(await _process.StandardOutput.ReadLineAsync());
        }

        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
