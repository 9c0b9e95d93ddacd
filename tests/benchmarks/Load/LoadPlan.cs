using System.Globalization;
using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Load;

internal enum LoadModel
{
    /// <summary>So many users, each of whom waits for an answer and thinks before the next request.</summary>
    Closed,

    /// <summary>So many requests a second come, however long the answers take: as visitors do.</summary>
    Open,
}

/// <summary>What a load test is asked for.</summary>
/// <param name="Url">Where FinVault answers, without <c>/api/v1</c>; null starts a local host.</param>
/// <param name="Model">Closed or open.</param>
/// <param name="Users">Virtual users; each also holds a live connection.</param>
/// <param name="Rate">Requests a second, in the open model.</param>
/// <param name="Seconds">How long, the ramp included.</param>
/// <param name="Ramp">Seconds until all users, or the whole rate, are there; latencies count from then on.</param>
/// <param name="ThinkMs">A user's pause between requests on average, in the closed model.</param>
/// <param name="User">An e-mail address to sign in with; <c>{n}</c> in it stands for 1 to <paramref name="Accounts"/>.</param>
/// <param name="Password">Of all of them.</param>
/// <param name="Accounts">How many accounts the users share.</param>
/// <param name="Giveaways">Ids of giveaways whose public pages are looked at.</param>
/// <param name="Live">Whether live connections are held.</param>
/// <param name="P95Ms">The run fails when the 95th percentile is above; null for no such limit.</param>
/// <param name="ErrorsPercent">The run fails when more of the requests fail; null for no such limit.</param>
/// <param name="Report">The HTML file to write.</param>
internal sealed record LoadPlan(
    Uri? Url, LoadModel Model, int Users, double Rate, double Seconds, double Ramp, double ThinkMs, string? User,
    string? Password, int Accounts, IReadOnlyList<string> Giveaways, bool Live, double? P95Ms, double? ErrorsPercent,
    string Report)
{
    private static readonly string[] OptionNames =
    [
        "url", "users", "model", "rate", "seconds", "ramp", "think-ms", "user", "password", "accounts", "giveaways",
        "no-live?", "p95-ms", "errors-percent", "report",
    ];

    /// <exception cref="UsageException">An option is unknown or wrong.</exception>
    public static LoadPlan From(string[] args)
    {
        Options options = Options.Parse(args, OptionNames);
        LoadPlan plan = new(
            options.Text("url") is { } url ? Address(url) : null,
            options.Text("model") switch
            {
                null or "closed" => LoadModel.Closed,
                "open" => LoadModel.Open,
                var other => throw new UsageException($"--model is closed or open, not '{other}'."),
            },
            options.Number("users", 500),
            Number(options, "rate") ?? 100,
            Number(options, "seconds") ?? 60,
            Number(options, "ramp") ?? 10,
            Number(options, "think-ms") ?? 1_000,
            options.Text("user"),
            options.Text("password"),
            options.Number("accounts", 1),
            options.Text("giveaways")?.Split(',') ?? [],
            !options.Has("no-live"),
            Number(options, "p95-ms"),
            Number(options, "errors-percent"),
            Path.GetFullPath(options.Text("report") ?? "load.html"));
        return plan switch
        {
            { Ramp: var ramp, Seconds: var seconds } when ramp >= seconds =>
                throw new UsageException("--seconds must be more than --ramp, or nothing would be measured."),
            { Seconds: > 86_400 } => throw new UsageException("--seconds is a day at most."),
            { Rate: <= 0 } => throw new UsageException("--rate must be above 0."),
            { User: null, Password: not null } or { User: not null, Password: null } =>
                throw new UsageException("--user and --password belong together."),
            { Accounts: > 1, User: not null } when !plan.User.Contains("{n}", StringComparison.Ordinal) =>
                throw new UsageException("--accounts needs {n} in --user, as in load{n}@example.com."),
            _ => plan,
        };
    }

    /// <summary>"closed, 500 users, 60 s".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Model == LoadModel.Closed ? "closed" : $"open, {Rate:0.##} requests/s")}, {Users} users, {Seconds:0.#} s");

    private static Uri Address(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? url
            : throw new UsageException($"--url is an http or https address, not '{text}'.");

    private static double? Number(Options options, string name) => options.Text(name) switch
    {
        null => null,
        { } text when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) =>
            number,
        { } text => throw new UsageException($"--{name} takes a number, not '{text}'."),
    };
}
