using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Abuse;

/// <summary>
/// What other people notice of an attack: 1,000 sign-ins with leaked passwords from 50 addresses and 1,000 registrations
/// from 20 more, while twenty people read; before, during and after it, in one run.
/// </summary>
internal static class AbuseBenchmark
{
    private const int SignIns = 1_000;
    private const int Registrations = 1_000;
    private const int Addresses = 50;
    private const int FloodAddresses = 20;
    private const int Accounts = 20;
    private const int Attackers = 16;
    private const int WarmUpSeconds = 4;

    // Five a second and person: well within what anybody may.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "seconds");
        double seconds = options.Number("seconds", 10);
        using RunFolder folder = new();
        await using Child server = Child.Start(Child.ServerCore, AbuseServer.Name, "--folder", folder.Path);
        AbuseReady ready = Figures.FromJson<AbuseReady>(await server.AnswerAsync());
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = 200 };
        using HttpClient http = new(handler) { BaseAddress = new(ready.Address, "api/v1/") };

        await ReadAsync(http, ready.Tokens, Task.Delay(TimeSpan.FromSeconds(WarmUpSeconds)));
        Seen before = await ReadAsync(http, ready.Tokens, Task.Delay(TimeSpan.FromSeconds(seconds)));
        Task<Attack> attack = AttackAsync(http);
        long started = Stopwatch.GetTimestamp();
        Seen during = await ReadAsync(http, ready.Tokens, attack);
        double attackSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Seen after = await ReadAsync(http, ready.Tokens, Task.Delay(TimeSpan.FromSeconds(seconds)));
        Print(before, during, after, await attack, attackSeconds);
    }

    /// <summary>Everybody reads their profile at their pace until something has ended.</summary>
    private static async Task<Seen> ReadAsync(HttpClient http, IReadOnlyList<string> tokens, Task until)
    {
        ConcurrentBag<double> milliseconds = [];
        int failed = 0;
        await Task.WhenAll(tokens.Select(async token =>
        {
            using PeriodicTimer timer = new(Pace);
            while (!until.IsCompleted)
            {
                using HttpRequestMessage request = new(HttpMethod.Get, "profile");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                long asked = Stopwatch.GetTimestamp();
                using HttpResponseMessage answer = await http.SendAsync(request);
                milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                Interlocked.Add(ref failed, answer.IsSuccessStatusCode ? 0 : 1);
                await timer.WaitForNextTickAsync();
            }
        }));
        return new([.. milliseconds.Order()], failed);
    }

    private static async Task<Attack> AttackAsync(HttpClient http)
    {
        int passwords = 0;
        int accounts = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, SignIns + Registrations), new ParallelOptions { MaxDegreeOfParallelism = Attackers },
            async (i, _) =>
            {
                int number = i / 2;
                if (i % 2 == 0)
                {
                    HttpStatusCode status = await PostAsync(http, "auth/sign-in", $"203.0.113.{number % Addresses}", new
                    {
                        email = $"user{number % Accounts}@example.com", password = $"leaked password {number}",
                    });
                    Interlocked.Add(ref passwords, status == HttpStatusCode.Unauthorized ? 1 : 0);
                }
                else
                {
                    HttpStatusCode status = await PostAsync(http, "auth/register", $"198.51.100.{number % FloodAddresses}", new
                    {
                        email = $"flood{number}@example.com", password = "seven green kites at dusk",
                    });
                    Interlocked.Add(ref accounts, status == HttpStatusCode.Accepted ? 1 : 0);
                }
            });
        return new(passwords, accounts);
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, string route, string address, object body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, route) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Forwarded-For", address);
        using HttpResponseMessage answer = await http.SendAsync(request);
        return answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Accepted or HttpStatusCode.TooManyRequests
            ? answer.StatusCode
            : throw new InvalidOperationException($"{route}: {(int)answer.StatusCode}");
    }

    private static void Print(Seen before, Seen during, Seen after, Attack attack, double seconds)
    {
        double ratio = during.P95 / new[] { before.P95, after.P95 }.Average();
        Console.WriteLine($"""
            | | requests of others | failed | p50 ms | p95 ms |
            |---|---|---|---|---|
            | before | {before} |
            | during {SignIns:N0} sign-ins and {Registrations:N0} registrations, {seconds.Shown()} s | {during} |
            | after | {after} |

            Reached a password: {attack.Passwords} of {SignIns:N0}. Registered: {attack.Accounts} of {Registrations:N0}.
            Others' p95 with the attack is {ratio.Shown()} times that without.
            """);
        Console.WriteLine(Figures.ToJson(new
        {
            P95Ratio = ratio.Rounded(),
            P95MsBefore = before.P95.Rounded(),
            P95MsDuring = during.P95.Rounded(),
            P95MsAfter = after.P95.Rounded(),
            FailedOfOthers = before.Failed + during.Failed + after.Failed,
            attack.Passwords,
            attack.Accounts,
            AttackSeconds = seconds.Rounded(),
        }));
    }

    private sealed record Attack(int Passwords, int Accounts);

    private sealed record Seen(double[] Milliseconds, int Failed)
    {
        public double P95 => At(0.95);

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{Milliseconds.Length:N0} | {Failed} | {At(0.5).Shown()} | {P95.Shown()}");

        private double At(double share) => Milliseconds[(int)(share * (Milliseconds.Length - 1))];
    }
}
