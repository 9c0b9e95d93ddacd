using System.Diagnostics;
using System.Text.RegularExpressions;
using FinVault.Local.Hosting;

namespace FinVault.Tests.Support;

/// <summary>The local host as its own process, to be killed.</summary>
public sealed partial class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // What a shell starts in the background is made to ignore Ctrl-C, and so is all that this starts: GNU's env undoes that.
    private static readonly string[] Listening = ["env", "--default-signal=INT"];
    private static readonly Lazy<Task<bool>> CanListen = new(CanListenAsync);

    private readonly Process _process;
    private readonly List<string> _output = [];

    private HostProcess(Process process) => _process = process;

    public HttpClient Client { get; } = new();

    /// <summary>What it printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Starts it on a free port without feed and web client, and waits until it answers.</summary>
    public static async Task<HostProcess> StartAsync(params string[] arguments)
    {
        HostProcess host = await LaunchAsync(["--urls", "http://127.0.0.1:0", "--feed", "none", .. arguments]);
        using var limit = new CancellationTokenSource(Limit);
        Match match;
        while (!(match = Address().Match(host.Output)).Success)
        {
            Assert.False(host._process.HasExited || limit.IsCancellationRequested, $"The host did not start:\n{host.Output}");
            await Task.Delay(20);
        }

        host.Client.BaseAddress = new Uri(match.Groups[1].Value);
        return host;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using HostProcess host = await LaunchAsync(arguments);
        using var limit = new CancellationTokenSource(Limit);
        await host._process.WaitForExitAsync(limit.Token);
        return (host._process.ExitCode, host.Output);
    }

    /// <summary>SIGKILL: it gets no chance to do anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ctrl-C.</summary>
    public async Task<int> InterruptAsync()
    {
        using Process kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Client.Dispose();
        _process.Dispose();
    }

    private static async Task<bool> CanListenAsync()
    {
        using Process tried = Process.Start(new ProcessStartInfo(Listening[0], [.. Listening[1..], "true"])
        {
            RedirectStandardError = true,
        })!;
        await tried.WaitForExitAsync();
        return tried.ExitCode == 0;
    }

    private static async Task<HostProcess> LaunchAsync(string[] arguments)
    {
        string[] command = [.. await CanListen.Value ? Listening : [], "dotnet", typeof(LocalHost).Assembly.Location, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["FINVAULT_WEB"] = "off";
        start.Environment["RateLimits__enabled"] = "false";
        var host = new HostProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
        host._process.OutputDataReceived += (_, line) => host.Add(line.Data);
        host._process.ErrorDataReceived += (_, line) => host.Add(line.Data);
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        return host;
    }

    private void Add(string? line)
    {
        lock (_output)
        {
            _output.Add(line ?? "");
        }
    }

    [GeneratedRegex(@"FinVault +(http://\S+)")]
    private static partial Regex Address();
}
