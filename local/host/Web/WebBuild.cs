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
    private const int FetchesALine = 20;

    private static readonly string[] NotSources = ["node_modules", "dist", "test-results", "playwright-report", ".vite"];

    private readonly string _dist = Path.Combine(sources, "dist");
    private int _fetched;

    /// <summary>Where the built client is; null until it is.</summary>
    public string? Dist { get; private set; }

    public bool Running { get; private set; }

    /// <summary>Why there is no page, for the person who looks for it.</summary>
    public string Status { get; private set; } = "The web client is being built; this page comes back by itself.";

    /// <summary>The folder <c>web</c> of the clone that this program was built from; null outside of one.</summary>
    public static string? FindSources()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "FinVault.sln")))
            {
                string web = Path.Combine(at.FullName, "web");
                return File.Exists(Path.Combine(web, "package.json")) ? web : null;
            }
        }

        return null;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        Running = true;
        await Task.Yield();
        try
        {
            using FileStream alone = await OneAtATimeAsync(cancellation);
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
        Say("building the web client (first run, or its sources changed) …");
        long started = Stopwatch.GetTimestamp();
        bool locked = File.Exists(Path.Combine(sources, "package-lock.json"));
        string installed = Path.Combine(sources, "node_modules", StampFile);
        string wanted = HashOf(locked ? "package-lock.json" : "package.json");
        if (!File.Exists(installed) || await File.ReadAllTextAsync(installed, cancellation) != wanted)
        {
            await NpmAsync([locked ? "ci" : "install", "--no-audit", "--no-fund", "--loglevel=http"], cancellation);
            // Without dependencies npm makes no folder.
            Directory.CreateDirectory(Path.GetDirectoryName(installed)!);
            await File.WriteAllTextAsync(installed, wanted, cancellation);
        }

        // Of what is built now: the installation may have written the lock file.
        string stamp = Stamp();
        await NpmAsync(["run", "build"], cancellation);
        await File.WriteAllTextAsync(Path.Combine(_dist, StampFile), stamp, cancellation);
        Say($"the web client is ready ({Stopwatch.GetElapsedTime(started).TotalSeconds:0} s)");
    }

    private async Task NpmAsync(string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments)
        {
            WorkingDirectory = sources,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process npm = Process.Start(start) ?? throw new InvalidOperationException("npm did not start.");
        npm.StandardInput.Close();
        npm.OutputDataReceived += (_, line) => Say(line.Data);
        npm.ErrorDataReceived += (_, line) => SayProgress(line.Data);
        npm.BeginOutputReadLine();
        npm.BeginErrorReadLine();
        try
        {
            await npm.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw;
        }

        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm {string.Join(' ', arguments)} ended with {npm.ExitCode}; its output says why.");
        }
    }

    // npm tells of every package it fetches; a line for some of them shows that it goes on.
    private void SayProgress(string? line)
    {
        if (line?.Contains("http fetch GET", StringComparison.Ordinal) != true)
        {
            Say(line);
        }
        else if (line.Contains(".tgz", StringComparison.Ordinal) && Interlocked.Increment(ref _fetched) % FetchesALine == 0)
        {
            Say($"{_fetched} packages fetched …");
        }
    }

    private void Say(string? line)
    {
        if (shown && !string.IsNullOrWhiteSpace(line))
        {
            Console.WriteLine($"  web | {line}");
        }
    }

    // Two hosts on one clone must not build into the same folder at the same time.
    private async Task<FileStream> OneAtATimeAsync(CancellationToken cancellation)
    {
        string file = Path.Combine(sources, ".build.lock");
        while (true)
        {
            try
            {
                return new FileStream(
                    file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
            }
        }
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

    private string HashOf(string file) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(sources, file))));

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder)
        .Where(file => Path.GetFileName(file) != ".build.lock")
        .Concat(Directory.EnumerateDirectories(folder)
            .Where(inner => !NotSources.Contains(Path.GetFileName(inner), StringComparer.Ordinal))
            .SelectMany(Files));
}
