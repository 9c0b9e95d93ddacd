using System.Diagnostics;
using System.Security.Cryptography;

namespace FinVault.Local.Web;

/// <summary>A folder with a package.json: its packages are installed once for a lock file, its scripts run with their output shown.</summary>
/// <param name="folder">Absolute path.</param>
/// <param name="label">Before each line on the console.</param>
/// <param name="shown">Whether anything is written to the console.</param>
internal sealed class NpmFolder(string folder, string label, bool shown)
{
    private const string StampFile = ".sources";
    private const int FetchesALine = 20;

    private int _fetched;

    public string Path => folder;

    /// <summary>A folder of the clone that this program was built from, with a package.json; null outside of one.</summary>
    public static string? Find(params string[] parts)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(at.FullName, "FinVault.sln")))
            {
                string found = System.IO.Path.Combine([at.FullName, .. parts]);
                return File.Exists(System.IO.Path.Combine(found, "package.json")) ? found : null;
            }
        }

        return null;
    }

    /// <summary>Whether exactly the packages of the lock file are there.</summary>
    public bool IsInstalled => File.Exists(Stamp) && File.ReadAllText(Stamp) == Wanted;

    private string Stamp => System.IO.Path.Combine(folder, "node_modules", StampFile);

    private bool IsLocked => File.Exists(System.IO.Path.Combine(folder, "package-lock.json"));

    private string Wanted => Convert.ToHexStringLower(SHA256.HashData(
        File.ReadAllBytes(System.IO.Path.Combine(folder, IsLocked ? "package-lock.json" : "package.json"))));

    /// <exception cref="InvalidOperationException">npm failed.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no npm.</exception>
    public async Task InstallAsync(CancellationToken cancellation)
    {
        if (!IsInstalled)
        {
            await RunAsync([IsLocked ? "ci" : "install", "--no-audit", "--no-fund", "--loglevel=http"], cancellation);
            // Without dependencies npm makes no folder.
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Stamp)!);
            await File.WriteAllTextAsync(Stamp, Wanted, cancellation);
        }
    }

    /// <summary>Runs npm to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no npm.</exception>
    public async Task RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments)
        {
            WorkingDirectory = folder,
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

    /// <summary>Two hosts on one clone must not write into the same folder at the same time: the second waits.</summary>
    public async Task<FileStream> OneAtATimeAsync(CancellationToken cancellation)
    {
        string file = System.IO.Path.Combine(folder, ".build.lock");
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

    public void Say(string? line)
    {
        if (shown && !string.IsNullOrWhiteSpace(line))
        {
            Console.WriteLine($"  {label} | {line}");
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
}
