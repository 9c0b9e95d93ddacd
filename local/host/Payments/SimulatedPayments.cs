using FinVault.Escrow;
using FinVault.Local.Hosting;

namespace FinVault.Local.Payments;

/// <summary>Puts the simulated provider where the app looks for one, unless its settings name another.</summary>
internal static class SimulatedPayments
{
    private const int KeyBytes = 32;

    /// <summary>A key and a secret of the data folder's own, where none are set.</summary>
    public static void SetDefaults(IConfiguration configuration, string? folder)
    {
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
    public static void Start(WebApplication app, Uri address, LocalHostOptions options)
    {
        if (!options.Services)
        {
            app.Configuration[$"{PaymentOptions.Section}:BaseUrl"] ??=
                new Uri(address, ProviderEndpoints.Prefix).AbsoluteUri;
            string prefix = app.Services.GetRequiredService<HostJson>().RoutePrefix;
            app.Services.GetRequiredService<ProviderSimulator>().Start(new Uri(address, $"{prefix}/webhooks/payments"));
        }
    }
}
