namespace FinVault.Tests.Support;

/// <summary>What a test may need of the machine; without it a test is skipped with the reason, never passed.</summary>
public static class Requires
{
    /// <summary>Null, or why tests that read <c>shared/</c> cannot run.</summary>
    public static string? SharedData(params string[] parts) => Path.Exists(Repository.Shared(parts))
        ? null
        : $"No {Path.Combine([".." , "shared", .. parts])} beside the repository.";

    /// <summary>Null, or why tests that run a Node.js program cannot run.</summary>
    public static string? Node => OnPath("node") is null ? "No 'node' on the PATH." : null;

    /// <summary>Null, or why tests that drive a browser cannot run.</summary>
    public static string? Chromium =>
        ChromiumPath is null ? "No 'chromium' on the PATH (CHROMIUM names another)." : null;

    /// <summary>The browser that end-to-end tests start: <c>CHROMIUM</c>, or the first usual name on the PATH.</summary>
    public static string? ChromiumPath => Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named
        ? named
        : OnPath("chromium") ?? OnPath("chromium-browser") ?? OnPath("google-chrome");

    /// <summary>Null, or why tests that use the npm packages of a folder of the repository cannot run.</summary>
    public static string? NodeModules(string folder) => Node
        ?? (Directory.Exists(Path.Combine(Repository.PathTo(folder), "node_modules"))
            ? null
            : $"The packages of {folder} are not installed ('npm ci --prefix {folder}').");

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);
}

/// <summary>A fact that is skipped, with the reason, where <c>../shared/…</c> is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(params string[] parts)
    {
        Parts = parts;
        Skip = Requires.SharedData(parts);
    }

    public IReadOnlyList<string> Parts { get; }
}

/// <summary>A theory that is skipped, with the reason, where <c>../shared/…</c> is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute(params string[] parts)
    {
        Parts = parts;
        Skip = Requires.SharedData(parts);
    }

    public IReadOnlyList<string> Parts { get; }
}

/// <summary>A fact that is skipped, with the reason, on a machine without Node.js.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = Requires.Node;
}

/// <summary>A theory that is skipped, with the reason, on a machine without Node.js.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = Requires.Node;
}

/// <summary>A fact that is skipped, with the reason, without Node.js or the npm packages of a folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeModulesFactAttribute : FactAttribute
{
    public NodeModulesFactAttribute(string folder = "tests/node")
    {
        Folder = folder;
        Skip = Requires.NodeModules(folder);
    }

    public string Folder { get; }
}

/// <summary>A theory that is skipped, with the reason, without Node.js or the npm packages of a folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeModulesTheoryAttribute : TheoryAttribute
{
    public NodeModulesTheoryAttribute(string folder = "tests/node")
    {
        Folder = folder;
        Skip = Requires.NodeModules(folder);
    }

    public string Folder { get; }
}

/// <summary>A fact that is skipped, with the reason, on a machine without a Chromium browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Requires.Chromium;
}
