using System.Reflection;
using Azure.Messaging.EventHubs.Producer;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Local.Durable;
using FinVault.Local.Blobs;
using FinVault.Local.EventHubs;
using FinVault.Local.EventHubs.Amqp;
using FinVault.Local.Feed;
using FinVault.Local.Giveaways;
using FinVault.Local.Identity;
using FinVault.Local.Notifications;
using FinVault.Local.Payments;
using FinVault.Local.Portfolios;
using FinVault.Local.SignalR;
using FinVault.Local.Web;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Portfolios;
using FinVault.Uploads;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FinVault.Local.Hosting;

/// <summary>What the host puts into the container beside the app, and the order of the HTTP pipeline.</summary>
internal sealed class LocalHostServices(
    LocalHostOptions options, LocalResources resources, HostJson hostJson, IReadOnlyList<FunctionModel> functions)
{
    // The app's only SignalR hub; ServiceHubContext in the container is this one's.
    private const string SignalRHub = "finvault";

    // Where the Vite development server stands.
    public static IReadOnlyList<string> DevelopmentOrigins { get; } = ["http://localhost:5173", "http://127.0.0.1:5173"];

    public void AddTo(WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        // First, because the app only adds a clock where there is none.
        services.AddSingleton(options.Time);
        AddResources(services);
        SimulatedPayments.AddTo(services, resources.PathOf("provider.jsonl"));
        services.AddSingleton(options);
        services.AddSingleton(hostJson);
        services.AddSingleton(functions);
        services.AddSingleton<SimulatedOpenId>();
        services.AddSingleton<SimulatedChannels>();
        services.AddSingleton(new DemoAccounts(resources.Folder));
        services.AddSingleton(new LocalMailbox(resources.PathOf("mail"), options));
        services.AddSingleton<IMailSender>(provider => provider.GetRequiredService<LocalMailbox>());
        services.AddSingleton<SmtpSink>();
        services.AddSingleton<DrainGate>();
        services.AddSingleton(new ScheduleMonitor(resources.PathOf("timers")));
        services.AddSingleton<FunctionRunner>();
        services.AddSingleton<HttpFunctions>();
        services.AddSingleton<SignalRDispatch>();
        services.AddSingleton<FeedRunner>();
        services.AddSingleton<WebClient>();
        services.AddRouting();
        // Executors and formatters of IActionResult, which the worker's ASP.NET Core integration brings with AddMvc.
        services.AddMvcCore();
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins([.. DevelopmentOrigins])
            .AllowAnyHeader().AllowAnyMethod().AllowCredentials().WithExposedHeaders("*")));
        resources.SignalR.AddTo(services);
        var worker = new WorkerApplicationBuilder(services);
        services.AddSingleton(worker);
        if (!options.Services)
        {
            AddSimulators(services, builder.Configuration);
            options.App(worker, builder.Configuration);
        }

        services.RemoveAll<IHostLifetime>();
        services.AddSingleton<IHostLifetime, NoLifetime>();
    }

    public void Map(WebApplication app)
    {
        app.UseWebSockets();
        app.UseCors();
        app.Use(ExplainNothingThere);
        app.UseRouting();
        app.Use(app.Services.GetRequiredService<WebClient>().InvokeAsync);
        resources.SignalR.Map(app);
        EventHubRest.Map(app, resources.Hub);
        app.Services.GetRequiredService<DurableEngine>().MapManagement(app);
        if (options.Services)
        {
            resources.Cosmos.Map(app);
            resources.SignalR.MapRest(app);
            app.Services.GetRequiredService<AmqpEndpoint>().Map(app);
        }
        else
        {
            if (options.DemoAccounts)
            {
                DemoUsers.Map(app);
            }

            app.Services.GetRequiredService<SimulatedOpenId>().Map(app);
            app.Services.GetRequiredService<SimulatedChannels>().Map(app);
            SimulatedBeacon.Map(app);
        }

        app.Services.GetRequiredService<LocalMailbox>().Map(app);
        SimulatedPayments.Map(app);
        app.Services.GetRequiredService<HttpFunctions>().Map(app, functions);
    }

    /// <summary>A service that is missing would else show at the first invocation.</summary>
    public static void CheckConstructors(IReadOnlyList<FunctionModel> functions, IServiceProvider services)
    {
        var known = services.GetRequiredService<IServiceProviderIsService>();
        var problems = new List<string>();
        foreach (FunctionModel function in functions.Where(function => !function.Method.IsStatic))
        {
            ConstructorInfo[] constructors = function.Method.DeclaringType!.GetConstructors();
            ParameterInfo? missing = constructors.Length == 1
                ? constructors[0].GetParameters().FirstOrDefault(p => !p.HasDefaultValue && !known.IsService(p.ParameterType))
                : null;
            if (constructors.Length == 0 || missing is not null)
            {
                problems.Add(missing is null
                    ? $"Function '{function.Name}' has a class without a public constructor: {function.Method.DeclaringType.Name}."
                    : $"Function '{function.Name}' asks for {missing.ParameterType.Name} in the constructor of "
                        + $"{function.Method.DeclaringType.Name}, which is not registered.");
            }
        }

        if (problems.Count > 0)
        {
            throw new StartupException(problems);
        }
    }

    // Before the app, which brings the real ones where there are none. A setting asks for the real one here, too.
    private void AddSimulators(IServiceCollection services, ConfigurationManager configuration)
    {
        if (!configuration.GetSection($"{BeaconOptions.Section}:{nameof(BeaconOptions.Endpoints)}").Exists())
        {
            services.AddSingleton<IRandomnessBeacon>(new SimulatedBeacon(resources.Folder, options.Time));
        }

        if (string.IsNullOrEmpty(configuration[$"{SocialOptions.Section}:{nameof(SocialOptions.Url)}"]))
        {
            services.AddSingleton<ISocialProvider, SimulatedNetworks>();
        }

        if (options.DemoAccounts)
        {
            services.AddSingleton<ILiveRates, SimulatedRates>();
        }
    }

    private void AddResources(IServiceCollection services)
    {
        services.AddSingleton(resources.Hub);
        services.AddSingleton<EventHubProducerClient>(new EmbeddedProducerClient(resources.Hub));
        services.AddSingleton(provider => new AmqpEndpoint(new HubNode(
            resources.Hub, ConsumerGroups(provider.GetRequiredService<IConfiguration>()), options.Time,
            provider.GetRequiredService<ILogger<AmqpEndpoint>>())));
        services.AddSingleton(provider => new Upstream(
            options.Upstream, AccessKey.WellKnown, provider.GetRequiredService<ILogger<Upstream>>()));
        services.AddSingleton(resources.Cosmos);
        // As Azure's client is made, or what the app writes as a name would be stored as a number here.
        services.AddSingleton<StoreLoad>();
        services.AddSingleton(provider => resources.Cosmos.CreateClient(
            Json.Stored, new StoreLoadHandler(provider.GetRequiredService<StoreLoad>(), ConnectionMode.Gateway)));
        services.AddSingleton(_ => resources.SignalR.GetHubContext(SignalRHub));
        services.AddSingleton(provider => new EmbeddedBlobs(
            options, resources.Folder, provider.GetRequiredService<ILogger<EmbeddedBlobs>>()));
        services.AddSingleton<BlobServices>(provider => () => provider.GetRequiredService<EmbeddedBlobs>().Client);
    }

    // What Azure makes with every hub, and what this app reads by.
    private static string[] ConsumerGroups(IConfiguration configuration) =>
    [
        EventHubTriggerKind.DefaultConsumerGroup,
        .. new[] { configuration["TicksConsumerGroup"] }.OfType<string>()
            .Where(group => group is not ("" or EventHubTriggerKind.DefaultConsumerGroup)),
    ];

    // Routing answers 404 and 405 with nothing; what a function answered is left as it is.
    private static async Task ExplainNothingThere(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response is { HasStarted: false, ContentType: null, StatusCode: 404 or 405 }
            && http.GetEndpoint()?.Metadata.GetMetadata<FunctionModel>() is null)
        {
            await HttpFunctions.Problem(http, http.Response.StatusCode, $"Nothing answers {http.Request.Method} {http.Request.Path}.");
        }
    }

    /// <summary>The host is started and stopped by its owner, never by a signal of its own.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
