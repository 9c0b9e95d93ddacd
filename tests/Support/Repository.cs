namespace FinVault.Tests.Support;

/// <summary>Where the repository and the material that may stand beside it are on this machine.</summary>
public static class Repository
{
    /// <summary>Absolute path of the folder of <c>FinVault.sln</c>, found upwards from the test assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Absolute path of a file or folder in the repository.</summary>
    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Absolute path of a file or folder in <c>shared/</c> beside the repository; it may be absent.</summary>
    public static string Shared(params string[] parts) =>
        Path.Combine([Environment.GetEnvironmentVariable("FINVAULT_SHARED") ?? Beside(), .. parts]);

    /// <summary>A repository file's path as it is written in messages: relative to the root, forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string Beside() => Path.GetFullPath(Path.Combine(Root, "..", "shared"));

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
