using System.Globalization;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>Exchange rates: of days past and of now.</summary>
public sealed class FxFunctions(FxRates rates, FxStore store, DailyFetch daily)
{
    private const int MaxFileBytes = 8 * 1024 * 1024;

    [Function(nameof(GetRate))]
    [Public("Exchange rates are for everybody.")]
    [Api("The rate between two currencies now", Description = "At most five minutes old, or the last daily rate, which "
        + "says so.")]
    [Parameter("from", typeof(string), "ISO 4217.")]
    [Parameter("to", typeof(string), "ISO 4217.")]
    [Answers(StatusCodes.Status200OK, typeof(LiveRate), "Units of `to` for one of `from`.")]
    [Fails(nameof(Problems.InvalidCurrency), nameof(Problems.FxUnavailable))]
    public async Task<IActionResult> GetRate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fx/{from}/{to}")] HttpRequest request,
        string from,
        string to,
        CancellationToken cancellationToken) => new JsonAnswer(
            await rates.NowAsync(Known(from), Known(to), cancellationToken)
            ?? throw Problems.FxUnavailable.With($"There is no rate from {from} to {to}."));

    [Function(nameof(GetRateOfDay))]
    [Public("Exchange rates are for everybody.")]
    [Api("The rate between two currencies on a day", Description = "Of the day, or of the last one before it with a rate: "
        + "`day` says which. It goes back 10 days at most.")]
    [Parameter("from", typeof(string), "ISO 4217.")]
    [Parameter("to", typeof(string), "ISO 4217.")]
    [Parameter("day", typeof(DateOnly), "yyyy-mm-dd.")]
    [Answers(StatusCodes.Status200OK, typeof(FxQuote), "Units of `to` for one of `from`.")]
    [Fails(nameof(Problems.InvalidCurrency), nameof(Problems.InvalidDate), nameof(Problems.FxUnavailable))]
    public async Task<IActionResult> GetRateOfDay(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fx/{from}/{to}/{day}")] HttpRequest request,
        string from,
        string to,
        string day,
        CancellationToken cancellationToken)
    {
        bool isDay = DateOnly.TryParseExact(
            day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly asked) && asked.Year >= 1970;
        return !isDay
            ? throw Problems.InvalidDate.With("The day is yyyy-mm-dd, from 1970 on.")
            : new JsonAnswer(
                await rates.OnAsync(Known(from), Known(to), asked, cancellationToken)
                ?? throw Problems.FxUnavailable.With(
                    $"There is no rate from {from} to {to} on {day} or shortly before."));
    }

    [Function(nameof(PutRates))]
    [Access(Roles.Admin)]
    [Api("Load daily rates", Description = "The European Central Bank's eurofxref-hist.csv, or a part of it: `Date` and codes "
        + "of currencies, a line a day, units for one euro. Days that are there already are replaced.")]
    [Body(typeof(string), "text/csv", Description = "Such a table, 8 MB at most.")]
    [Answers(StatusCodes.Status200OK, typeof(RatesLoaded), "How many there were.")]
    [Fails(nameof(Problems.InvalidRates), nameof(Problems.BodyTooLarge))]
    public async Task<IActionResult> PutRates(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "operations/fx/rates")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        using MemoryStream body = await request.ReadBytesAsync(MaxFileBytes, cancellationToken);
        try
        {
            using StreamReader text = new(body);
            return new JsonAnswer(new RatesLoaded(await store.PutAsync(EcbFile.Read(text), cancellationToken)));
        }
        catch (FormatException wrong)
        {
            throw Problems.InvalidRates.With(wrong.Message);
        }
    }

    /// <summary>Every hour: stores the central bank's daily rates that are not there yet.</summary>
    [Function(nameof(FetchDailyRates))]
    public Task FetchDailyRates(
        [TimerTrigger("25 5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) => daily.RunAsync(cancellationToken);

    private static string Known(string currency) => Currencies.Exists(currency)
        ? currency
        : throw Problems.InvalidCurrency.With($"{currency} is no code of ISO 4217, in capitals.");
}

/// <summary>How many rates a file had.</summary>
public sealed record RatesLoaded(int Rates);
