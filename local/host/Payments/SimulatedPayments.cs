using FinVault.Escrow;
using FinVault.Local.Hosting;

namespace FinVault.Local.Payments;

/// <summary>Puts the simulated provider where the app looks for one, unless its settings name another.</summary>
internal static class SimulatedPayments
{
    private const int KeyBytes = 32;

    // What local.settings.sample.json says, for an app under the Core Tools that only borrows the provider.
    private const string Borrowed = "development";
    private static readonly Uri CoreTools = new("http://127.0.0.1:7071");

    /// <summary>A key and a secret of the data folder's own, where none are set.</summary>
    public static void SetDefaults(IConfiguration configuration, string? folder, bool services)
    {
        if (services)
        {
            configuration[$"{PaymentOptions.Section}:Key"] ??= Borrowed;
            configuration[$"{PaymentOptions.Section}:WebhookSecret"] ??= Borrowed;
            return;
        }

        byte[] key = KeyFile.Open(folder, "provider.key", 2 * KeyBytes);
        configuration[$"{PaymentOptions.Section}:Key"] ??= Convert.ToHexStringLower(key.AsSpan(0, KeyBytes));
        configuration[$"{PaymentOptions.Section}:WebhookSecret"] ??= Convert.ToHexStringLower(key.AsSpan(KeyBytes));
        configuration[WebhookSending.LoopbackSetting] ??= "true";
    }

    public static void AddTo(IServiceCollection services, string? path) => services.AddSingleton(provider =>
        new ProviderSimulator(
            path, new PaymentOptions(provider.GetRequiredService<IConfiguration>()),
            provider.GetRequiredService<TimeProvider>()));

    public static void Map(WebApplication app) => ProviderEndpoints.Map(
        app, app.Services.GetRequiredService<ProviderSimulator>(), new PaymentOptions(app.Configuration));

    /// <summary>Says where it is, as soon as that is known, and where its webhooks go to.</summary>
    public static void Start(WebApplication host, Uri address, LocalHostOptions options)
    {
        Uri app = options.Services ? CoreTools : address;
        host.Configuration[$"{PaymentOptions.Section}:BaseUrl"] ??= new Uri(address, ProviderEndpoints.Prefix).AbsoluteUri;
        string prefix = host.Services.GetRequiredService<HostJson>().RoutePrefix;
        host.Services.GetRequiredService<ProviderSimulator>().Start(new Uri(app, $"{prefix}/webhooks/payments"));
    }
}
