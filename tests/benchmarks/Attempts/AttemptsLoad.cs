using System.Diagnostics;
using System.Net;
using System.Text;
using FinVault.Benchmarks.Harness;
using FinVault.Giveaways;
using FinVault.Platform;

namespace FinVault.Benchmarks.Attempts;

/// <summary>The crowd: 64 keep-alive connections, as the peer's, each attempt by another participant.</summary>
internal static class AttemptsLoad
{
    public const string Name = "attempts-load";

    private const int Workers = 64;

    /// <summary>Takes a giveaway's id on standard input and answers what its stampede came to.</summary>
    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "folder", "address");
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = Workers };
        using HttpClient http = new(handler) { BaseAddress = new($"{options.Text("address")}api/v1/public/giveaways/") };
        Console.WriteLine("ready");
        while (await Child.NextAsync() is { } giveaway)
        {
            string[] tokens = await File.ReadAllLinesAsync(Path.Combine(options.Text("folder")!, giveaway));
            Console.WriteLine(Figures.ToJson(await StampedeAsync(http, giveaway, tokens)));
        }
    }

    private static async Task<AttemptsSeen> StampedeAsync(HttpClient http, string giveaway, string[] tokens)
    {
        Uri path = new($"{giveaway}/attempts", UriKind.Relative);
        string[] bodies = [.. tokens.Select(_ => $$"""{"id":"{{Ids.New(AttemptRequest.Prefix, TimeProvider.System)}}"}""")];
        Histogram times = new();
        int next = -1;
        (int wins, int failures) = (0, 0);
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
        {
            for (int at = Interlocked.Increment(ref next); at < tokens.Length; at = Interlocked.Increment(ref next))
            {
                long sent = Stopwatch.GetTimestamp();
                (HttpStatusCode status, bool won) = await AttemptAsync(http, path, tokens[at], bodies[at]);
                lock (times)
                {
                    times.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
                    wins += won ? 1 : 0;
                    failures += status == HttpStatusCode.OK ? 0 : 1;
                }
            }
        }));
        return new(
            tokens.Length, Stopwatch.GetElapsedTime(started).TotalSeconds, wins, failures, times.Milliseconds(0.5),
            times.Milliseconds(0.99));
    }

    private static async Task<(HttpStatusCode Status, bool Won)> AttemptAsync(
        HttpClient http, Uri path, string token, string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(ParticipantToken.Header, token);
        using HttpResponseMessage answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Contains("\"won\":true", StringComparison.Ordinal));
    }
}

/// <summary>A stampede as the crowd saw it.</summary>
internal sealed record AttemptsSeen(int Attempts, double Seconds, int Wins, int Failures, double P50Ms, double P99Ms);
