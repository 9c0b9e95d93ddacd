using System.Net;
using FinVault.Local.Hosting;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.Hosting;

/// <summary>Stopping finishes what runs; the data folder belongs to one process.</summary>
public sealed class StopTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("finvault-stop-").FullName;

    [Fact]
    public async Task Stop_FinishesRunningRequests_AndTurnsNewOnesAway()
    {
        var gate = new Gate();
        AppHost app = await AppHost.WithFunctionsAsync([typeof(Waits)], [gate]);
        Task<string> running = app.Client.GetStringAsync("/api/v1/Waits");
        await Eventually.TrueAsync(() => gate.Entered, "the request runs");

        Task stopping = app.Host.StopAsync();
        using HttpResponseMessage refused = await app.Client.GetAsync("/api/v1/Waits");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.False(stopping.IsCompleted);

        gate.Leave.SetResult();
        Assert.Equal("finished", await running);
        await stopping;
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Stop_WhenPatienceEnds_CancelsWhatStillRuns()
    {
        var gate = new Gate();
        AppHost app = await AppHost.WithFunctionsAsync(
            [typeof(Waits)], [gate], options: AppHost.Defaults with { DrainTimeout = TimeSpan.FromMilliseconds(50) });
        Task<HttpResponseMessage> running = app.Client.GetAsync("/api/v1/Waits");
        await Eventually.TrueAsync(() => gate.Entered, "the request runs");

        await app.Host.StopAsync();

        await Eventually.TrueAsync(() => gate.Cancelled, "the function is told to stop");
        await app.DisposeAsync();
        // Whether the answer still came through is the network's business; the call must end either way.
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(30)));
        Assert.True(running.IsCompleted);
    }

    [Fact]
    public async Task Start_OnAFolderInUse_SaysSo_AndALaterStartSucceeds()
    {
        LocalHostOptions options = AppHost.ForFunctions([], options: AppHost.Defaults with { Data = _data });
        await using (await LocalHost.StartAsync(options))
        {
            var wrong = await Assert.ThrowsAsync<StartupException>(() => LocalHost.StartAsync(options));
            Assert.Contains("is in use by another FinVault process", wrong.Message, StringComparison.Ordinal);
        }

        await using LocalHost again = await LocalHost.StartAsync(options);
        Assert.NotNull(again.BaseAddress);
    }

    [Fact]
    public async Task Start_WithAnotherNumberOfPartitions_SaysWhatTheFolderHas()
    {
        LocalHostOptions options = AppHost.ForFunctions([], options: AppHost.Defaults with { Data = _data });
        await using (await LocalHost.StartAsync(options with { Partitions = 3 }))
        {
        }

        var wrong = await Assert.ThrowsAsync<StartupException>(() => LocalHost.StartAsync(options with { Partitions = 5 }));
        await using LocalHost kept = await LocalHost.StartAsync(options);

        Assert.Contains("was made with 3 partitions", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(3, kept.Hub.PartitionIds.Count);
    }

    [Fact]
    public async Task Start_OnAnAddressInUse_SaysSo()
    {
        await using AppHost first = await AppHost.WithFunctionsAsync([]);
        string taken = first.Host.BaseAddress.GetLeftPart(UriPartial.Authority);

        var wrong = await Assert.ThrowsAsync<StartupException>(() => LocalHost.StartAsync(
            AppHost.ForFunctions([], options: AppHost.Defaults with { Urls = taken })));

        Assert.StartsWith($"--urls {taken}:", wrong.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    public sealed class Gate
    {
        public bool Entered { get; set; }

        public bool Cancelled { get; set; }

        public TaskCompletionSource Leave { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Waits(Gate gate)
    {
        [Function("Waits")]
        public async Task<string> Run([HttpTrigger("get")] HttpRequest request, CancellationToken cancellationToken)
        {
            gate.Entered = true;
            try
            {
                await gate.Leave.Task.WaitAsync(cancellationToken);
                return request.Path == "" ? "" : "finished";
            }
            catch (OperationCanceledException)
            {
                gate.Cancelled = true;
                throw;
            }
        }
    }
}
