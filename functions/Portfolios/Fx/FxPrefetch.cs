using FinVault.Platform;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

/// <summary>
/// Has the rates of the most traded pairs at hand before the first investor asks (PF-23). One call brings all live ones;
/// where it fails, their daily rates are read instead. A start waits for none of it.
/// </summary>
public sealed partial class FxPrefetch(FxRates rates, FxOptions options, ILogger<FxPrefetch> logger)
    : IHostedService, IDisposable
{
    /// <summary>The twenty pairs.</summary>
    internal static readonly IReadOnlyList<(string From, string To)> Pairs =
    [
        ("USD", "INR"), ("EUR", "INR"), ("GBP", "INR"), ("JPY", "INR"), ("AED", "INR"), ("SGD", "INR"), ("EUR", "USD"),
        ("USD", "JPY"), ("GBP", "USD"), ("AUD", "USD"), ("USD", "CAD"), ("USD", "CHF"), ("USD", "CNY"), ("USD", "HKD"),
        ("NZD", "USD"), ("EUR", "GBP"), ("EUR", "JPY"), ("EUR", "CHF"), ("GBP", "JPY"), ("USD", "SGD"),
    ];

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.HasSource)
        {
            _running = Task.Run(() => FetchAsync(_stopping.Token), CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    internal async Task FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach ((string from, string to) in Pairs)
            {
                await rates.NowAsync(from, to, cancellationToken);
            }
        }
        catch (Exception failure) when (Failures.IsTransient(failure))
        {
            NotFetched(logger, failure);
        }
    }

    [LoggerMessage(1504, LogLevel.Information, "Rates could not be fetched ahead; who asks fetches them.")]
    private static partial void NotFetched(ILogger logger, Exception failure);
}
