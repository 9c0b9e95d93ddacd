using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace FinVault.Tests.Platform;

/// <summary>What a cache does when it, or what stands behind it, fails.</summary>
public sealed class CacheFaultTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private int _loads;

    [Fact]
    public async Task Value_ThatCannotBeKept_IsGivenAllTheSame()
    {
        ReadThroughCache<string> cache = new(
            "broken", new CacheLimits(10, 100), _clock, _ => throw new InvalidOperationException());
        Assert.Equal("1", await cache.GetAsync("a", Second, Load, default));
        Assert.Equal("2", await cache.GetAsync("a", _ => throw new InvalidOperationException(), Load, default));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task Value_WhoseTimeIsOver_StandsInWhileTheStoreDoesNotAnswer_ForAWhile()
    {
        ReadThroughCache<string> cache = new(
            "stale", new CacheLimits(10) { StaleOnFailure = TimeSpan.FromSeconds(10) }, _clock);
        await cache.GetAsync("a", Second, Load, default);
        _clock.Advance(Second);
        Assert.Equal("1", await cache.GetAsync("a", Second, _ => throw new TimeoutException(), default));
        // What the store answers is newer, also where it is a refusal.
        await Assert.ThrowsAsync<ProblemException>(
            async () => await cache.GetAsync("a", Second, _ => throw Problems.NotFound.With("gone"), default));
        _clock.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<TimeoutException>(
            async () => await cache.GetAsync("a", Second, _ => throw new TimeoutException(), default));
    }

    [Fact]
    public async Task Value_ThatWasInvalidated_NeverStandsIn()
    {
        ReadThroughCache<string> cache = new(
            "stale", new CacheLimits(10) { StaleOnFailure = TimeSpan.FromSeconds(10) }, _clock);
        await cache.GetAsync("a", Second, Load, default);
        _clock.Advance(Second);
        TaskCompletionSource<string> failing = new();
        Task<string> asked = cache.GetAsync("a", Second, _ => failing.Task, default).AsTask();
        cache.Invalidate("a");
        failing.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => asked);
    }

    [Fact]
    public async Task Answer_IsKeptByItsMethodAndUrl_AndCarriesATag()
    {
        AnswerCache answers = new(_clock);
        (_, HttpResponse first) = await AnswerAsync(answers, "?a=1");
        await AnswerAsync(answers, "?a=1");
        Assert.Equal(1, _loads);
        await AnswerAsync(answers, "?a=2");
        Assert.Equal(2, _loads);
        Assert.Equal("public, max-age=30", first.Headers.CacheControl.ToString());
        (string body, HttpResponse unchanged) = await AnswerAsync(answers, "?a=1", first.Headers.ETag);
        Assert.Equal((304, ""), (unchanged.StatusCode, body));
        _clock.Advance(CacheLives.ApiAnswer);
        await AnswerAsync(answers, "?a=1");
        Assert.Equal(3, _loads);
    }

    [Fact]
    public async Task Answer_ThatMayNotBeKept_IsMadeEachTime()
    {
        AnswerCache answers = new(_clock);
        (_, HttpResponse answer) = await AnswerAsync(answers, "", mayKeep: false);
        Assert.Equal("no-store", answer.Headers.CacheControl.ToString());
        await AnswerAsync(answers, "", mayKeep: false);
        Assert.Equal(2, _loads);
    }

    // CACHE-12, as it was decided.
    [Fact]
    public void Lives_AreThoseOfTheTable() => Assert.Equal(
        [1, 3600, 300, 3600, 30, 86_400, 30, 3600, 600, 86_400],
        [
            CacheLives.PriceInSessionSeconds, CacheLives.PriceOutOfSessionSeconds, CacheLives.FxRate.TotalSeconds,
            CacheLives.TaxLoss.TotalSeconds, CacheLives.RealtimePerformance.TotalSeconds,
            CacheLives.Recommendations.TotalSeconds, CacheLives.ApiAnswer.TotalSeconds,
            CacheLives.Analytics.TotalSeconds, CacheLives.LinkToken.TotalSeconds, CacheLives.DeniedToken.TotalSeconds,
        ]);

    private Task<string> Load(CancellationToken cancellationToken) =>
        Task.FromResult((++_loads).ToString(System.Globalization.CultureInfo.InvariantCulture));

    private async Task<(string Body, HttpResponse Response)> AnswerAsync(
        AnswerCache answers, string query, string? known = null, bool mayKeep = true)
    {
        DefaultHttpContext http = new();
        using MemoryStream body = new();
        http.Response.Body = body;
        http.Request.Method = "GET";
        http.Request.Path = "/api/v1/public/thing";
        http.Request.QueryString = new(query);
        http.Request.Headers.IfNoneMatch = known;
        IActionResult result = await answers.GetAsync(
            http.Request, _ => Task.FromResult<(object, bool)>((new { Number = ++_loads }, mayKeep)), default);
        await result.ExecuteResultAsync(new ActionContext(http, new RouteData(), new()));
        return (System.Text.Encoding.UTF8.GetString(body.ToArray()), http.Response);
    }
}
