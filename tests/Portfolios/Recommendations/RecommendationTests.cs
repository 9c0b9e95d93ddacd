using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using FinVault.Platform;
using FinVault.Portfolios;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios.Recommendations;

/// <summary>From a questionnaire to what should be held, over HTTP, on closes of 210 days.</summary>
public sealed class RecommendationTests(RecommendedApp running) : IClassFixture<RecommendedApp>
{
    private static readonly Dictionary<string, string> Answers = new()
    {
        ["horizon"] = "5to10", ["fall"] = "wait", ["goal"] = "grow", ["reserve"] = "many", ["share"] = "half",
        ["experience"] = "long",
    };

    private PortfolioApp App => running.App;

    [Fact]
    public async Task Questionnaire_IsServed_AndItsAnswersAreJudged()
    {
        JsonElement served = await App.GetAsync("recommendations/questions");
        Assert.Equal((6, 5), (served.GetProperty("questions").GetArrayLength(), served.GetProperty("profiles").GetArrayLength()));
        JsonElement judged = await App.PostAsync("recommendations/profile", new { answers = Answers });
        Assert.Equal("growth", judged.GetProperty("profile").GetString());

        (HttpStatusCode status, JsonElement problem) = await App.SendAsync(
            HttpMethod.Post, "recommendations/profile",
            new { answers = new Dictionary<string, string>(Answers) { ["fall"] = "panic" } });
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_answers", "fall"), (
            status, problem.GetProperty("code").GetString(), problem.GetProperty("questions")[0].GetString()));
    }

    [Fact]
    public async Task Answers_BecomeAJob_WhoseResultCanBeCheckedByHand()
    {
        string account = await HoldingAsync();
        Assert.Equal(
            (HttpStatusCode.NotFound, "unknown_recommendation"), await CodeAsync(HttpMethod.Get, account));
        (HttpStatusCode status, JsonElement job) = await App.SendAsync(
            HttpMethod.Post, $"portfolios/{account}/recommendations", new { answers = Answers });
        Assert.Equal((HttpStatusCode.Accepted, 15), (status, job.GetProperty("estimatedTime").GetInt32()));
        RecommendationResult result = await ResultAsync(account);

        Assert.Equal((RiskProfile.Growth, 17), (result.Assessment!.Profile, result.Assessment.Points));
        ModelTests.AssertExplained(result.Model);
        AssertReturns(result.Model);
        Assert.Contains(result.Model.LeftOut, one => one is { Symbol: RecommendedApp.Homeless, Reason: LeftOutReason.NoSector });
        Assert.Equal(1m, result.Targets.Values.Sum());
        // 100 of AURUM are all that is held: what is bought is what is sold of it.
        Recommendation held = result.Recommendations.Single(one => one.Symbol == "TEST-AURUM");
        Assert.Equal((1.0, result.Model.Weights.FirstOrDefault(one => one.Symbol == "TEST-AURUM")?.Weight ?? 0), (held.Current, held.Weight));
        Assert.InRange(result.Recommendations.Sum(one => one.Amount!.Value), -10, 10);
        Assert.Equal((long)Math.Round(result.Total!.Value * (decimal)held.Weight) - result.Total, held.Amount);

        // The job's own reading has the same, and others have neither.
        JsonElement same = await App.GetAsync($"jobs/{job.GetProperty("jobId").GetString()}");
        Assert.Equal(result.Targets.Count, same.GetProperty("result").GetProperty("targets").EnumerateObject().Count());
        Assert.Equal(JsonValueKind.Null, same.GetProperty("progress").ValueKind);
        App.SignIn(PortfolioApp.Harish, FinVault.Identity.Roles.User);
        try
        {
            Assert.Equal((HttpStatusCode.NotFound, "unknown_portfolio"), await CodeAsync(HttpMethod.Get, account));
            Assert.Equal(
                (HttpStatusCode.NotFound, "unknown_portfolio"), await CodeAsync(HttpMethod.Post, account, new { profile = "growth" }));
        }
        finally
        {
            App.SignIn(PortfolioApp.Asha, FinVault.Identity.Roles.User);
        }
    }

    [Fact]
    public async Task Night_ComputesEachProfileOnce_AndJobsTakeIt()
    {
        ModelPortfolios models = App.Get<ModelPortfolios>();
        Assert.True(await models.NightAsync("INR", "2024-01-02", default));
        Assert.False(await models.NightAsync("INR", "2024-01-02", default));
        DateTimeOffset computed = App.Clock.GetUtcNow();
        App.Clock.JumpTo(computed.AddMinutes(1));
        string account = await HoldingAsync();
        foreach ((RiskProfile profile, string name) in
            new[] { (RiskProfile.Conservative, "conservative"), (RiskProfile.Aggressive, "aggressive") })
        {
            await App.PostAsync($"portfolios/{account}/recommendations", new { profile = name });
            ModelPortfolio model = (await ResultAsync(account)).Model;
            Assert.Equal((profile, computed), (model.Profile, model.ComputedAt));
        }
    }

    [Fact]
    public async Task Limits_ThatAreTold_Hold()
    {
        string account = await HoldingAsync();
        string[] symbols = ["TEST-AURUM", "TEST-CUPRUM", "TEST-NEON", "TEST-CARBON"];
        await App.PostAsync($"portfolios/{account}/recommendations", new
        {
            profile = "balanced", symbols,
            limits = new
            {
                goal = "minimumVolatility", largestAsset = 0.5, largestSector = 0.5,
                bounds = new Dictionary<string, object> { ["TEST-NEON"] = new { least = 0.3, greatest = 0.35 } },
            },
        });
        ModelPortfolio model = (await ResultAsync(account)).Model;

        ModelTests.AssertExplained(model);
        Assert.Equal((AllocationGoal.MinimumVolatility, true), (model.Limits.Goal, model.Limits.IsStrict));
        Assert.InRange(model.Weights.Single(one => one.Symbol == "TEST-NEON").Weight, 0.3, 0.35);
        Assert.Empty(model.Weights.Select(one => one.Symbol).Except(symbols));
    }

    [Fact]
    public async Task Wish_ThatCannotBe_IsRefusedBeforeAJobIsBegun()
    {
        string account = await App.OpenAsync();
        string[] symbols = ["TEST-AURUM", RecommendedApp.Homeless];
        (HttpStatusCode, string?)[] refused =
        [
            await CodeAsync(HttpMethod.Post, account, new { profile = "growth", answers = Answers }),
            await CodeAsync(HttpMethod.Post, account, new { profile = "growth", limits = new { volatility = 0.2 } }),
            await CodeAsync(HttpMethod.Post, account, new
            {
                profile = "growth", limits = new { sectorCaps = new Dictionary<string, double> { ["Nonsense"] = 0.2 } },
            }),
            await CodeAsync(HttpMethod.Post, account, new { profile = "growth", symbols = new[] { "TEST-AURUM", "TEST-UNHEARD" } }),
            await CodeAsync(HttpMethod.Post, account, new { profile = "growth", symbols }),
            await CodeAsync(HttpMethod.Post, account, new { profile = "growth", symbols, limits = new { largestSector = 1 } }),
        ];

        Assert.Equal(
            [
                (HttpStatusCode.BadRequest, "invalid_answers"), (HttpStatusCode.BadRequest, "invalid_limits"),
                (HttpStatusCode.BadRequest, "invalid_limits"), (HttpStatusCode.NotFound, "unknown_symbol"),
                (HttpStatusCode.UnprocessableEntity, "sector_unknown"), (HttpStatusCode.Accepted, null),
            ],
            refused);
    }

    [Fact]
    public async Task Backtest_TriesTheRule_BesideEqualParts()
    {
        JsonElement tried = await App.PostAsync("recommendations/backtest", new
        {
            symbols = new[] { "TEST-AURUM", "TEST-CUPRUM", "TEST-NEON", "TEST-CARBON", "TEST-IODINE" },
            profile = "growth", window = 60, every = 10, cost = 0.01,
        });
        JsonElement[] days = [.. tried.GetProperty("days").EnumerateArray()];
        JsonElement[] decisions = [.. tried.GetProperty("decisions").EnumerateArray()];

        // The first decision costs 1 % of all, either way.
        Assert.Equal((0.99, 0.99), (
            Math.Round(days[0].GetProperty("index").GetDouble(), 12), Math.Round(days[0].GetProperty("equalParts").GetDouble(), 12)));
        Assert.Equal(days[0].GetProperty("date").GetString(), decisions[0].GetProperty("date").GetString());
        Assert.Equal(days[10].GetProperty("date").GetString(), decisions[1].GetProperty("date").GetString());
        Assert.All(decisions, one => Assert.Equal(
            1, one.GetProperty("weights").EnumerateObject().Sum(weight => weight.Value.GetDouble()), 9));
        double grown = tried.GetProperty("rule").GetProperty("yearly").GetProperty("value").GetDouble();
        Assert.Equal(Math.Pow(days[^1].GetProperty("index").GetDouble(), 252.0 / (days.Length - 1)) - 1, grown, 9);

        JsonElement little = await App.PostAsync(
            "recommendations/backtest", new { symbols = new[] { "TEST-AURUM", "TEST-NEON" }, profile = "growth", window = 504 });
        Assert.Equal("tooShort", little.GetProperty("rule").GetProperty("yearly").GetProperty("unavailable")
            .GetProperty("reason").GetString());
        (HttpStatusCode, string?, string?) tooLong = await App.RefusedAsync(
            "recommendations/backtest", new { symbols = new[] { "TEST-AURUM", "TEST-NEON" }, profile = "growth", from = "2010-01-01" });
        Assert.Equal((HttpStatusCode.BadRequest, "range_too_long", null), tooLong);
    }

    private async Task<string> HoldingAsync()
    {
        string account = await App.OpenAsync();
        await App.RecordAsync(account, PortfolioApp.Trade("buy", "TEST-AURUM", 100, 90, "2023-11-01"));
        return account;
    }

    private async Task<(HttpStatusCode Status, string? Code)> CodeAsync(HttpMethod method, string account, object? body = null)
    {
        (HttpStatusCode status, JsonElement json) = await App.SendAsync(method, $"portfolios/{account}/recommendations", body);
        return (status, PortfolioApp.TextOf(json, "code"));
    }

    private async Task<RecommendationResult> ResultAsync(string account)
    {
        JsonElement last = default;
        await Eventually.TrueAsync(
            async () =>
            {
                last = await App.GetAsync($"portfolios/{account}/recommendations");
                Assert.NotEqual("failed", last.GetProperty("status").GetString());
                return last.GetProperty("status").GetString() == "completed";
            },
            "the recommendation");
        return last.GetProperty("result").Deserialize<RecommendationResult>(Json.Options)!;
    }

    // A test symbol's day is still open when a day's snapshot is made, so its close of the day before counts.
    private void AssertReturns(ModelPortfolio model)
    {
        DateOnly[] days = [.. App.Get<SnapshotCalendar>().Between(model.Window!.From, model.Window.To)];
        Assert.Equal(days.Length - 1, model.Window.Returns);
        foreach (ModelWeight one in model.Weights)
        {
            double[] closes = [.. days.Select(day => (double)running.Closes[(one.Symbol, day.AddDays(-1))])];
            Assert.Equal(closes.Skip(1).Zip(closes, (now, before) => (now / before) - 1).Average() * 252, one.Return, 9);
        }
    }
}

/// <summary>FinVault with 210 days of closes of nine symbols, one of them of no known sector.</summary>
public sealed class RecommendedApp : IAsyncLifetime
{
    public const string Homeless = "TEST-HOMELESS";

    private const int Days = 210;

    private static readonly string[] Symbols =
    [
        "TEST-AURUM", "TEST-ARGENT", "TEST-CUPRUM", "TEST-FERRUM", "TEST-NEON", "TEST-ARGON", "TEST-CARBON", "TEST-IODINE",
        Homeless,
    ];

    internal PortfolioApp App { get; private set; } = null!;

    internal Dictionary<(string Symbol, DateOnly Day), decimal> Closes { get; } = [];

    public async Task InitializeAsync()
    {
        App = await PortfolioApp.StartAsync();
        DateOnly first = DateOnly.FromDateTime(App.Clock.GetUtcNow().UtcDateTime).AddDays(-Days);
        Random random = new(11);
        foreach ((string symbol, int i) in Symbols.Select((symbol, i) => (symbol, i)))
        {
            double price = 100;
            for (int day = 0; day < Days; day++)
            {
                price *= 1 + ((random.NextDouble() - 0.47) * 0.01 * (2 + (i % 4)));
                Closes[(symbol, first.AddDays(day))] = decimal.Round((decimal)price, 2);
            }
        }

        foreach (string symbol in Symbols)
        {
            string ticks = string.Join(',', Closes.Where(one => one.Key.Symbol == symbol).Select(one => string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"symbol":"{{symbol}}","price":{{one.Value}},"volume":100,"eventTime":"{{one.Key.Day:yyyy-MM-dd}}T04:30:00Z"}""")));
            using StringContent body = new($"[{ticks}]", Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await App.App.Client.PostAsync(new Uri("api/v1/market/ticks", UriKind.Relative), body);
            await AppHost.ReadJsonAsync(answer);
        }

        await Eventually.TrueAsync(
            async () => (await App.GetAsync("market/ingest")).GetProperty("received").GetInt64() == Closes.Count, "the ticks");
        // What readers have cached of the boards is over.
        App.Clock.JumpTo(App.Clock.GetUtcNow().AddSeconds(2));
    }

    public async Task DisposeAsync() => await App.DisposeAsync();
}
