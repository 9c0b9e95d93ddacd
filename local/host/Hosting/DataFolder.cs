namespace FinVault.Local.Hosting;

/// <summary>
/// The state folder, locked for one process. The lock is the operating system's on an open file, so a killed process
/// leaves none behind.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream? _lock;

    private DataFolder(string? path, FileStream? held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>Absolute path; null when nothing is kept.</summary>
    public string? Path { get; }

    /// <exception cref="StartupException">The folder cannot be written, or another process has it.</exception>
    public static DataFolder Open(LocalHostOptions options)
    {
        if (options.InMemory)
        {
            return new DataFolder(null, null);
        }

        string path = System.IO.Path.GetFullPath(options.Data);
        string file = System.IO.Path.Combine(path, "lock");
        try
        {
            Directory.CreateDirectory(path);
            KeepOutOfGit(path);
            var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            held.Flush();
            return new DataFolder(path, held);
        }
        catch (IOException held) when (File.Exists(file))
        {
            throw new StartupException(
                $"{path} is in use by another FinVault process. Stop that one or give --data another folder. ({held.Message})");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--data {options.Data} cannot be used: {failure.Message}");
        }
    }

    /// <summary>A subfolder or file of the state folder; null when nothing is kept.</summary>
    public string? Combine(string name) => Path is null ? null : System.IO.Path.Combine(Path, name);

    public void Dispose() => _lock?.Dispose();

    // People keep the folder inside a clone; nothing of it belongs in a commit.
    private static void KeepOutOfGit(string path)
    {
        string ignore = System.IO.Path.Combine(path, ".gitignore");
        if (!File.Exists(ignore))
        {
            File.WriteAllText(ignore, "*\n");
        }
    }
}
