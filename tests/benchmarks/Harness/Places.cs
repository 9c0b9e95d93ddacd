namespace FinVault.Benchmarks.Harness;

/// <summary>Where things are on this machine.</summary>
internal static class Places
{
    /// <summary>The folder of FinVault.sln, upwards from this program.</summary>
    public static string Root { get; } = FindRoot();

    public static string Peers => Path.Combine(Root, "tests", "benchmarks", "peers");

    /// <summary>The recorded day beside the repository; null when it is not there.</summary>
    public static string? Recording
    {
        get
        {
            string file = Path.GetFullPath(
                Path.Combine(Root, "..", "shared", "data", "ticks", "nse_ticks_2021-06-10.csv.gz"));
            return File.Exists(file) ? file : null;
        }
    }

    /// <summary>Null when no such program is on the PATH.</summary>
    public static string? Program(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FinVault.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No FinVault.sln above {AppContext.BaseDirectory}.");
    }
}

/// <summary>A folder for a run's data, gone with it.</summary>
internal sealed class RunFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("finvault-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
