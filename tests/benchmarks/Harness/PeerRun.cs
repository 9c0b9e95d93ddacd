using System.Diagnostics;
using System.Text.Json;

namespace FinVault.Benchmarks.Harness;

/// <summary>One run of a peer (tests/benchmarks/peers/run.sh) and the figures that it printed.</summary>
internal sealed record PeerRun(string Case, IReadOnlyDictionary<string, double> Figures)
{
    private static readonly string[] Programs = ["bash", "node", "redis-server", "psql", "taskset"];

    /// <exception cref="UsageException">The peers cannot run here: what to install.</exception>
    public static void Require()
    {
        string? missing = Array.Find(Programs, p => Places.Program(p) is null);
        if (missing is not null)
        {
            throw new UsageException(
                $"The peers need '{missing}': apt-get install redis-server postgresql, and Node.js 20.");
        }

        if (!Directory.Exists(Path.Combine(Places.Peers, "node_modules")))
        {
            throw new UsageException(
                "The peers' packages are not installed: npm install --prefix tests/benchmarks/peers");
        }
    }

    /// <exception cref="InvalidOperationException">The peer failed, or one of its own checks did.</exception>
    public static async Task<PeerRun> StartAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("bash", [Path.Combine(Places.Peers, "run.sh"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        string line = output.TrimEnd().Split('\n')[^1];
        if (process.ExitCode != 0 || !line.StartsWith('{'))
        {
            throw new InvalidOperationException($"run.sh {string.Join(' ', arguments)} failed: {output}");
        }

        using JsonDocument result = JsonDocument.Parse(line);
        return new PeerRun(
            result.RootElement.GetProperty("case").GetString()!,
            result.RootElement.GetProperty("figures").EnumerateObject()
                .Where(f => f.Value.ValueKind == JsonValueKind.Number)
                .ToDictionary(f => f.Name, f => f.Value.GetDouble()));
    }
}
