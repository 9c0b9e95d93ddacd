using FinVault.Market.Calendar;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

/// <summary>
/// The work of a night, account by account. Each account notes in its own batch that a night has dealt with it, so that
/// a worker that died, or a batch that was cut, is simply done again.
/// </summary>
public sealed partial class NightlyPlans(
    Rebalances rebalances, RebalanceStore plans, NightlyNotices notices, TaxLossViews taxLosses, TaxLossStore owners, ModelPortfolios models,
    Exchanges exchanges, PortfolioDocuments documents, NightlyOptions options, StoreLoad load, TimeProvider time,
    ILogger<NightlyPlans> logger)
{
    public const int BatchSize = 1_000;

    private const double Percent = 100;

    /// <summary>How long a night waits for a busy store before it looks again.</summary>
    public static readonly TimeSpan Breath = TimeSpan.FromSeconds(30);

    public async Task<NightlyStep> NextAsync(NightlyRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset? until = !options.IsOpen(now) ? options.NextOpening(now) : IsBusy() ? now + Breath : null;
        await NoteAsync(run, until, cancellationToken);
        return until is not null
            ? new(until, [])
            : new(null, run.Work switch
            {
                NightlyWork.Rebalance => await plans.PendingAsync(run.Night, run.After, BatchSize, cancellationToken),
                NightlyWork.TaxLosses => await owners.OwnersAsync(run.After, BatchSize, cancellationToken),
                NightlyWork.Profiles => CurrenciesAfter(run.After),
                _ => [],
            });
    }

    public async Task<NightlyCounts> WorkAsync(NightlyPart part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        (int done, int skipped, int failed) = (0, 0, 0);
        foreach (string name in part.Names)
        {
            if (!options.IsOpen(time.GetUtcNow()) || IsBusy())
            {
                return new(done, skipped, failed, true);
            }

            try
            {
                _ = await DoAsync(part, name, cancellationToken) ? done++ : skipped++;
            }
            catch (ProblemException unplannable)
            {
                LogSkipped(logger, part.Work, name, unplannable.Problem.Code);
                skipped++;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
            {
                // One account's trouble is not the others'.
                LogFailed(logger, failure, part.Work, name);
                failed++;
            }
        }

        return new(done, skipped, failed, false);
    }

    public async Task<NightlyView?> LastAsync(CancellationToken cancellationToken) =>
        (await documents.FindAsync<NightlyDocument>(
            NightlyDocument.Partition, NightlyDocument.DocumentId, cancellationToken))?.View;

    private async Task<bool> DoAsync(NightlyPart part, string name, CancellationToken cancellationToken)
    {
        switch (part.Work)
        {
            case NightlyWork.Rebalance:
                bool? isPlanned = await rebalances.NightAsync(name, part.Night, cancellationToken);
                if (isPlanned != false)
                {
                    // Also what was made before, by a worker that may have died before it told of it.
                    await notices.TellAsync(name, part.Night, cancellationToken);
                }

                return isPlanned == true;
            case NightlyWork.Profiles:
                return await models.NightAsync(name, part.Night, cancellationToken);
            default:
                (string tenant, string owner) = TaxLossStore.Parse(name);
                return await taxLosses.NightAsync(tenant, owner, part.Night, cancellationToken);
        }
    }

    private string[] CurrenciesAfter(string after) =>
    [
        .. exchanges.All.Select(one => one.Currency).Distinct().Order(StringComparer.Ordinal)
            .Where(currency => string.CompareOrdinal(currency, after) > 0),
    ];

    private bool IsBusy()
    {
        (double units, double refused) = load.Recent();
        return units * Percent > options.UnitsPerSecond * options.PauseAbovePercent
            || refused * Percent > options.RefusedAbovePercent;
    }

    private async Task NoteAsync(NightlyRun run, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        NightlyView view = new(run, until, now, run.Work == NightlyWork.End ? now : null);
        await documents.Container.UpsertItemAsync(
            new NightlyDocument(NightlyDocument.Partition, view), new PartitionKey(NightlyDocument.Partition),
            new() { EnableContentResponseOnWrite = false }, cancellationToken);
    }

    [LoggerMessage(3101, LogLevel.Information, "The night's {Work} of {Name} is skipped: {Code}")]
    private static partial void LogSkipped(ILogger logger, NightlyWork work, string name, string code);

    [LoggerMessage(3102, LogLevel.Error, "The night's {Work} of {Name} failed")]
    private static partial void LogFailed(ILogger logger, Exception failure, NightlyWork work, string name);
}
