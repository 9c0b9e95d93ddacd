using System.Security.Cryptography;

namespace FinVault.Local.Hosting;

/// <summary>Random keys that a data folder keeps, readable by its owner alone.</summary>
internal static class KeyFile
{
    /// <summary>The key of a name, made on first use; without a folder a key for this process alone.</summary>
    /// <exception cref="InvalidDataException">The file is no key of this size.</exception>
    public static byte[] Open(string? folder, string name, int bytes)
    {
        if (folder is null)
        {
            return RandomNumberGenerator.GetBytes(bytes);
        }

        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            Write(path, RandomNumberGenerator.GetBytes(bytes));
        }

        byte[] key = File.ReadAllBytes(path);
        return key.Length == bytes
            ? key
            : throw new InvalidDataException($"'{path}' is not a key of {bytes} bytes; delete it to get a new one.");
    }

    private static void Write(string path, byte[] key)
    {
        // A name of its own until it is whole: a process that is killed leaves no half key behind.
        string fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(fresh, options))
        {
            stream.Write(key);
        }

        File.Move(fresh, path);
    }
}
