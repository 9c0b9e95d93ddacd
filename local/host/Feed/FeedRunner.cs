using System.Globalization;
using System.Text.Json;
using FinVault.Local.EventHubs;
using FinVault.Local.Hosting;
using FinVault.Local.Portfolios;
using FinVault.Market.Calendar;
using FinVault.Portfolios;
using Microsoft.Azure.Cosmos;

namespace FinVault.Local.Feed;

/// <summary>Runs what the options ask to be fed: a replay, the demo feed, both or nothing.</summary>
internal sealed class FeedRunner(
    LocalHostOptions options,
    HostJson hostJson,
    EmbeddedEventHub hub,
    IReadOnlyList<FunctionModel> functions,
    IServiceProvider services,
    ILogger<FeedRunner> logger)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <exception cref="TickFileException">The replay's file is malformed.</exception>
    public Task RunAsync(Uri baseAddress, CancellationToken cancellation) => Task.WhenAll(
        options.FeedOrDefault == "demo" ? DemoAsync(cancellation) : Task.CompletedTask,
        options.Replay is { } file ? ReplayAsync(file, baseAddress, cancellation) : Task.CompletedTask);

    private async Task ReplayAsync(string file, Uri baseAddress, CancellationToken cancellation)
    {
        // Reading and unzipping is work of its own and must not hold up the start.
        await Task.Yield();
        var sender = new TickSender(hub, functions);
        var progress = new ReplayProgress(options.Console, TimeProvider.System);
        try
        {
            await new Replay(sender, options.Time, progress).RunAsync(file, options.Speed, cancellation);
            progress.Done(sender.Sent);
            await PrintCountersAsync(baseAddress, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            logger.LogInformation("The replay was stopped after {Sent} ticks", sender.Sent);
        }
        catch (Exception failure) when (failure is not TickFileException)
        {
            logger.LogError(failure, "The replay failed after {Sent} ticks", sender.Sent);
            throw;
        }
    }

    private async Task DemoAsync(CancellationToken cancellation)
    {
        await Task.Yield();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                bool empty = hub.PartitionIds.All(partition => hub.LastSequenceNumber(partition) < 0);
                if (empty && services.GetService<Exchanges>() is { } exchanges)
                {
                    await new DemoHistory(services.GetRequiredService<CosmosClient>(), exchanges, options.Time).WriteAsync(cancellation);
                }

                DemoFeed feed = new(new TickSender(hub, functions), options.Time, withPast: empty);
                await Task.WhenAll(feed.RunAsync(cancellation), empty ? LookBackAsync(cancellation) : Task.CompletedTask);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                logger.LogError(failure, "The demo feed failed and starts again in {Pause}", PauseAfterFailure);
                await Task.Delay(PauseAfterFailure, options.Time, cancellation)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Beside the feed, which nobody should wait for.
    private async Task LookBackAsync(CancellationToken cancellation)
    {
        if (!options.DemoAccounts || services.GetService<Snapshots>() is null)
        {
            return;
        }

        try
        {
            await DemoPortfolio.MakeSnapshotsAsync(services, cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            logger.LogWarning(failure, "The demo portfolio's past is not worked out yet; the timer will do it");
        }
    }

    private async Task PrintCountersAsync(Uri baseAddress, CancellationToken cancellation)
    {
        if (!options.Console)
        {
            return;
        }

        using var client = new HttpClient { BaseAddress = baseAddress };
        try
        {
            string text = await client.GetStringAsync($"{hostJson.RoutePrefix}/market/ingest", cancellation);
            using JsonDocument counters = JsonDocument.Parse(text);
            foreach (JsonProperty counter in counters.RootElement.EnumerateObject())
            {
                string value = counter.Value.TryGetInt64(out long count)
                    ? count.ToString("N0", CultureInfo.InvariantCulture) : counter.Value.ToString();
                Console.WriteLine($"  {counter.Name,-14} {value,12}");
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException)
        {
            logger.LogWarning("The ingest counters cannot be read: {Reason}", failure.Message);
        }
    }
}
