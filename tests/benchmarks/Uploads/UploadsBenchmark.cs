using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Uploads;

/// <summary>
/// How many URLs a second the app signs, and what a gigabyte that goes up beside it costs it: nothing, since none of it
/// passes through; and what its confirmation costs, which reads it once as a stream.
/// </summary>
internal static class UploadsBenchmark
{
    private const int Blocks = 25;
    private const int Lanes = 16;
    private const int FilesAtOnce = 2;
    private const int WarmUpSeconds = 4;
    private const double Megabyte = 1024 * 1024;

    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "seconds", "files");
        int files = options.Number("files", 5);
        using RunFolder folder = new();
        await using Child server = Child.Start(Child.ServerCore, UploadsServer.Name, "--folder", folder.Path);
        UploadsReady ready = Figures.FromJson<UploadsReady>(await server.AnswerAsync());
        using HttpClient http = new() { BaseAddress = ready.Address };

        await PresignAsync(http, ready.Users, WarmUpSeconds);
        Cpu cpu = Cpu.Start(server.Id);
        double seconds = options.Number("seconds", 10);
        int presigns = await PresignAsync(http, ready.Users, seconds);
        double presignCpu = cpu.Stop().Seconds[0];

        LargeFile file = new(Blocks);
        SignedFile[] signed = await Task.WhenAll(
            ready.Users.Take(files).Select(user => LargeAsync(http, user, file)));
        double before = MemoryWatch.Now(server.Id);
        cpu = Cpu.Start(server.Id);
        long started = Stopwatch.GetTimestamp();
        double during = await MemoryWatch.PeakAsync(server.Id, UploadAsync(http, file, signed));
        double uploadSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double uploadCpu = cpu.Stop().Seconds[0];

        cpu = Cpu.Start(server.Id);
        started = Stopwatch.GetTimestamp();
        double confirming = await MemoryWatch.PeakAsync(server.Id, ConfirmAsync(http, ready.Users, signed));
        UploadsResult result = new(
            presigns / seconds, presigns / presignCpu, files * file.Bytes / Megabyte, uploadSeconds, uploadCpu,
            before, during, Stopwatch.GetElapsedTime(started).TotalSeconds, cpu.Stop().Seconds[0], confirming);
        Print(result.Rounded());
    }

    private static async Task<int> PresignAsync(HttpClient http, IReadOnlyList<BenchmarkUser> users, double seconds)
    {
        Progress progress = new($"presign for {seconds} s");
        long started = Stopwatch.GetTimestamp();
        int done = 0;
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            for (int turn = lane; Stopwatch.GetElapsedTime(started).TotalSeconds is var passed && passed < seconds; turn += Lanes)
            {
                BenchmarkUser user = users[turn % users.Count];
                await AskAsync<SignedFile>(http, user, "presign", new
                {
                    kind = "profilePicture", entityId = user.Id, contentType = "image/png", bytes = 1_000_000,
                    sha256 = new string('a', 64),
                });
                Interlocked.Increment(ref done);
                progress.Report(passed / seconds);
            }
        }));
        progress.Report(1);
        return done;
    }

    private static Task<SignedFile> LargeAsync(HttpClient http, BenchmarkUser user, LargeFile file) =>
        AskAsync<SignedFile>(http, user, "presign", new
        {
            kind = "merchantDocument", entityId = user.Merchant, contentType = "application/pdf", bytes = file.Bytes,
            sha256 = file.Sha256,
        });

    private static async Task UploadAsync(HttpClient http, LargeFile file, SignedFile[] signed)
    {
        Progress progress = new($"{signed.Length * file.Bytes / Megabyte:N0} MB go up");
        int sent = 0;
        await Parallel.ForEachAsync(
            signed, new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce },
            async (to, _) => await file.PutAsync(
                http, to, () => progress.Report((double)Interlocked.Increment(ref sent) / (signed.Length * Blocks))));
    }

    private static async Task ConfirmAsync(HttpClient http, IReadOnlyList<BenchmarkUser> users, SignedFile[] signed)
    {
        Progress progress = new("confirm");
        for (int i = 0; i < signed.Length; i++)
        {
            await AskAsync<object>(http, users[i], "confirm", new { objectKey = signed[i].ObjectKey });
            progress.Report((i + 1.0) / signed.Length);
        }
    }

    private static async Task<T> AskAsync<T>(HttpClient http, BenchmarkUser user, string route, object body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/uploads/{route}") { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.Token);
        using HttpResponseMessage answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? Figures.FromJson<T>(text)
            : throw new InvalidOperationException($"{route}: {(int)answer.StatusCode} {text}");
    }

    private static void Print(UploadsResult r)
    {
        string Shown(double value) => value.Shown();
        Console.WriteLine($"""
            | | |
            |---|---|
            | presigns a second, a CPU-second | {Shown(r.PresignsPerSecond)}, {Shown(r.PresignsPerCpuSecond)} |
            | {Shown(r.UploadedMb)} MB go up beside the app | {Shown(r.UploadSeconds)} s, the app's CPU {Shown(r.UploadCpuSeconds)} s |
            | the app's memory before, and at most meanwhile | {Shown(r.MemoryBeforeMb)} MB, {Shown(r.MemoryWhileUploadingMb)} MB |
            | confirming them | {Shown(r.ConfirmSeconds)} s, the app's CPU {Shown(r.ConfirmCpuSeconds)} s |
            | the app's memory at most meanwhile | {Shown(r.MemoryWhileConfirmingMb)} MB |
            """);
        Console.WriteLine(Figures.ToJson(r));
    }
}

/// <summary>Memory is what is resident; CPU is the app's process without Azurite.</summary>
internal sealed record UploadsResult(
    double PresignsPerSecond, double PresignsPerCpuSecond, double UploadedMb, double UploadSeconds, double UploadCpuSeconds,
    double MemoryBeforeMb, double MemoryWhileUploadingMb, double ConfirmSeconds, double ConfirmCpuSeconds,
    double MemoryWhileConfirmingMb)
{
    public UploadsResult Rounded() => new(
        PresignsPerSecond.Rounded(), PresignsPerCpuSecond.Rounded(), UploadedMb.Rounded(), UploadSeconds.Rounded(),
        UploadCpuSeconds.Rounded(), MemoryBeforeMb.Rounded(), MemoryWhileUploadingMb.Rounded(), ConfirmSeconds.Rounded(),
        ConfirmCpuSeconds.Rounded(), MemoryWhileConfirmingMb.Rounded());
}
