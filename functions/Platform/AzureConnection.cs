using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace FinVault.Platform;

/// <summary>How to reach one Azure service, from the settings that the Functions host reads for its triggers.</summary>
/// <param name="Value">A connection string, or the endpoint where there is a <paramref name="Credential"/>.</param>
/// <param name="Credential">Who signs in, or null where the connection string says it.</param>
public sealed record AzureConnection(string Value, TokenCredential? Credential)
{
    /// <summary>
    /// Whether this is an emulator on a developer's machine: those have no TLS, and answer at one address only.
    /// </summary>
    public bool IsEmulator => Credential is null && Value.Contains("Endpoint=http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Reads <c>NAME</c> (a connection string), or else <c>NAME__ENDPOINT</c> with <c>NAME__credential</c> and
    /// <c>NAME__clientId</c>: <c>managedidentity</c> signs in as that identity (the app's own without a client id),
    /// nothing signs in as whoever runs the app (azd, Azure CLI, an IDE).
    /// </summary>
    /// <exception cref="InvalidOperationException">Neither is set, or the kind of credential is unknown.</exception>
    public static AzureConnection Read(IConfiguration configuration, string name, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[name] is { Length: > 0 } connectionString)
        {
            return new(connectionString, null);
        }

        IConfigurationSection settings = configuration.GetSection(name);
        return settings[endpoint] is { Length: > 0 } value
            ? new(value, SignIn(settings, name))
            : throw new InvalidOperationException(
                $"No connection to '{name}': set '{name}__{endpoint}' (identity) or '{name}' (connection string).");
    }

    private static TokenCredential SignIn(IConfigurationSection settings, string name)
    {
        string? clientId = settings["clientId"] is { Length: > 0 } id ? id : null;
        return settings["credential"] switch
        {
            null or "" => new DefaultAzureCredential(new DefaultAzureCredentialOptions
            {
                ManagedIdentityClientId = clientId,
            }),
            string kind when kind.Equals("managedidentity", StringComparison.OrdinalIgnoreCase) =>
                new ManagedIdentityCredential(clientId is null
                    ? ManagedIdentityId.SystemAssigned
                    : ManagedIdentityId.FromUserAssignedClientId(clientId)),
            string kind => throw new InvalidOperationException(
                $"'{name}__credential' is '{kind}'; it is 'managedidentity' or not set."),
        };
    }
}
