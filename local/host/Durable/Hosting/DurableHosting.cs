using System.Text;
using System.Text.Json;
using FinVault.Local.Hosting;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FinVault.Local.Durable;

/// <summary>The engine as a part of the local host.</summary>
static class DurableHosting
{
    /// <summary>As the isolated worker reads and writes data: property names in any case, public properties.</summary>
    static readonly JsonDataConverter WorkerConverter =
        new(new JsonSerializerOptions { PropertyNameCaseInsensitive = true });

    /// <summary><c>extensions.durableTask</c> of host.json.</summary>
    /// <exception cref="StartupException">A setting has a value that it cannot have.</exception>
    public static DurableOptions Options(HostJson hostJson)
    {
        using MemoryStream text = new(Encoding.UTF8.GetBytes(hostJson.Text));
        IConfiguration settings = new ConfigurationBuilder().AddJsonStream(text).Build();
        try
        {
            IConfiguration durable = settings.GetSection("extensions:durableTask");
            return DurableOptions.From(durable) with { Converter = WorkerConverter };
        }
        catch (FormatException wrong)
        {
            throw new StartupException(wrong.Message);
        }
    }

    /// <summary>
    /// Adds the engine over the host's state folder; it runs while the host does, and drains with it.
    /// </summary>
    /// <param name="file">The store; null keeps nothing.</param>
    public static void AddDurable(this IServiceCollection services, string? file, DurableOptions options)
    {
        services.AddSingleton(provider => DurableEngine.Open(
            file,
            provider.GetRequiredService<TimeProvider>(),
            options,
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService<DurableFunctions>();
    }
}
