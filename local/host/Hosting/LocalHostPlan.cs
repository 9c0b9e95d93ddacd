using FinVault.Escrow;
using FinVault.Local.Durable;
using FinVault.Local.Identity;
using FinVault.Local.Payments;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;

namespace FinVault.Local.Hosting;

/// <summary>Everything that can be worked out, and found wrong, before anything is opened.</summary>
internal sealed class LocalHostPlan
{
    // What local.settings.json says under the Core Tools.
    private static readonly KeyValuePair<string, string?>[] Defaults =
    [
        new("TicksHub", "ticks"), new("TicksConsumerGroup", EventHubTriggerKind.DefaultConsumerGroup),
        new("ProvidersSchedule", "*/2 * * * * *"),
    ];

    private readonly LocalHostOptions _options;
    private readonly WebApplicationBuilder _builder;
    private readonly HostJson _hostJson;
    private readonly IReadOnlyList<FunctionModel> _functions;
    private readonly DurableOptions _durable;

    private LocalHostPlan(LocalHostOptions options)
    {
        _options = options;
        // An empty base: appsettings.json, user secrets and the like are not part of a Function App.
        _builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions
            {
                ContentRootPath = AppContext.BaseDirectory,
                ApplicationName = typeof(LocalHostPlan).Assembly.GetName().Name,
            });
        ((IConfigurationBuilder)_builder.Configuration)
            .Add(new MemoryConfigurationSource { InitialData = Defaults })
            .AddEnvironmentVariables()
            .Add(new MemoryConfigurationSource { InitialData = options.Settings ?? new Dictionary<string, string?>() });
        HubName = _builder.Configuration["TicksHub"] is { Length: > 0 } name ? name : "ticks";
        var problems = new List<string>();
        HostJson read = Try(() => ReadHostJson(options), problems) ?? new HostJson();
        _hostJson = options.Adjust?.Invoke(read) ?? read;
        _durable = Try(() => DurableHosting.Options(_hostJson), problems) ?? new DurableOptions();
        BindingKinds kinds = Kinds();
        _functions = options.Services ? [] : Try(() => FunctionCatalog.Find(options, kinds), problems) ?? [];
        if (problems.Count > 0)
        {
            throw new StartupException(problems);
        }
    }

    public string HubName { get; }

    /// <exception cref="StartupException">All problems of host.json and of the functions together.</exception>
    public static LocalHostPlan Make(LocalHostOptions options) => new(options);

    public WebApplication Build(LocalResources resources)
    {
        AddLogging();
        LocalIdentity.SetKeys(_builder.Configuration, resources.Folder);
        SimulatedPayments.SetDefaults(_builder.Configuration, resources.Folder, _options.Services);
        _builder.Configuration[GiftCode.KeySetting] ??=
            Convert.ToBase64String(KeyFile.Open(resources.Folder, "giftcards.key", 32));
        _builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The Functions host's own limit on a request.
            kestrel.Limits.MaxRequestBodySize = 100L * 1024 * 1024;
        });
        _builder.WebHost.UseUrls(_options.Urls.Split(';'));
        var services = new LocalHostServices(_options, resources, _hostJson, _functions);
        services.AddTo(_builder);
        _builder.Services.AddDurable(resources.PathOf("durable.db"), _durable);
        _options.Configure?.Invoke(_builder.Services);
        WebApplication app = _builder.Build();
        services.Map(app);
        return app;
    }

    private BindingKinds Kinds()
    {
        var settings = new SettingText(_builder.Configuration);
        return new BindingKinds(
            [
                new HttpTriggerKind(_hostJson.RoutePrefix, settings),
                new TimerTriggerKind(settings, _options.Time),
                new EventHubTriggerKind(settings, HubName),
                new CosmosTriggerKind(settings),
                new SignalRTriggerKind(settings),
                new OrchestrationTriggerKind(),
                new ActivityTriggerKind(),
            ],
            [new SignalRConnectionInfoKind(settings), new DurableClientKind()],
            [new SignalROutputKind(settings)]);
    }

    private void AddLogging()
    {
        _builder.Logging.Configure(options => options.ActivityTrackingOptions =
            ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        _builder.Logging.SetMinimumLevel(LogLevel.Information);
        foreach ((string category, string level) in _hostJson.LogLevels)
        {
            string? filter = category.Equals("default", StringComparison.OrdinalIgnoreCase) ? null : category;
            _builder.Logging.AddFilter(filter, Enum.Parse<LogLevel>(level, ignoreCase: true));
        }

        if (_options.Console)
        {
            _builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
                console.ColorBehavior = LoggerColorBehavior.Default;
            });
        }
    }

    private static HostJson ReadHostJson(LocalHostOptions options)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "host.json");
        return options.HostJson is { } text ? HostJson.Parse(text)
            : File.Exists(file) ? HostJson.Parse(File.ReadAllText(file))
            : throw new StartupException($"host.json is missing: {file}.");
    }

    private static T? Try<T>(Func<T> step, List<string> problems)
        where T : class
    {
        try
        {
            return step();
        }
        catch (StartupException wrong)
        {
            problems.AddRange(wrong.Problems);
            return null;
        }
    }
}
