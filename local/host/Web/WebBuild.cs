using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Local.Web;

/// <summary>
/// Builds the web client with npm when there is no build of exactly these sources yet. A stamp in the build tells, so later
/// starts neither build nor need the network.
/// </summary>
internal sealed class WebBuild(string sources, bool shown, ILogger<WebBuild> logger)
{
    private const string StampFile = ".sources";

    private static readonly string[] NotSources = ["node_modules", "dist", "test-results", "playwright-report", ".vite"];

    private readonly string _dist = Path.Combine(sources, "dist");
    private readonly NpmFolder _npm = new(sources, "web", shown);

    /// <summary>Where the built client is; null until it is.</summary>
    public string? Dist { get; private set; }

    public bool Running { get; private set; }

    /// <summary>Why there is no page, for the person who looks for it.</summary>
    public string Status { get; private set; } = "The web client is being built; this page comes back by itself.";

    /// <summary>The folder <c>web</c> of the clone that this program was built from; null outside of one.</summary>
    public static string? FindSources() => NpmFolder.Find("web");

    public async Task RunAsync(CancellationToken cancellation)
    {
        Running = true;
        await Task.Yield();
        try
        {
            using FileStream alone = await _npm.OneAtATimeAsync(cancellation);
            if (!IsBuilt(Stamp()))
            {
                await BuildAsync(cancellation);
            }

            Dist = _dist;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Status = "The host stopped before the web client was built.";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Win32Exception
            or InvalidOperationException)
        {
            Fail(failure);
        }
        finally
        {
            Running = false;
        }
    }

    private void Fail(Exception failure)
    {
        Status = failure is Win32Exception
            ? "The web client could not be built because npm was not found. Install Node.js 20 or newer and start again."
            : $"The web client could not be built: {failure.Message}";
        logger.LogWarning("{Status} The API works without it.", Status);
        // An older build beats no page.
        Dist = File.Exists(Path.Combine(_dist, "index.html")) ? _dist : null;
    }

    private bool IsBuilt(string stamp)
    {
        string file = Path.Combine(_dist, StampFile);
        return File.Exists(Path.Combine(_dist, "index.html")) && File.Exists(file) && File.ReadAllText(file) == stamp;
    }

    private async Task BuildAsync(CancellationToken cancellation)
    {
        _npm.Say("building the web client (first run, or its sources changed) …");
        long started = Stopwatch.GetTimestamp();
        await _npm.InstallAsync(cancellation);
        // Of what is built now: the installation may have written the lock file.
        string stamp = Stamp();
        await _npm.RunAsync(["run", "build"], cancellation);
        await File.WriteAllTextAsync(Path.Combine(_dist, StampFile), stamp, cancellation);
        _npm.Say($"the web client is ready ({Stopwatch.GetElapsedTime(started).TotalSeconds:0} s)");
    }

    /// <summary>A hash of every source's name and content.</summary>
    private string Stamp()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Files(sources).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(sources, file)));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder)
        .Where(file => Path.GetFileName(file) != ".build.lock")
        .Concat(Directory.EnumerateDirectories(folder)
            .Where(inner => !NotSources.Contains(Path.GetFileName(inner), StringComparer.Ordinal))
            .SelectMany(Files));
}
