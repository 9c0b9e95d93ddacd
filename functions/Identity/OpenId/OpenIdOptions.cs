using Microsoft.Extensions.Configuration;

namespace FinVault.Identity;

/// <summary>Somebody who says who a user is, by OpenID Connect.</summary>
/// <param name="Name">In routes and settings, e.g. <c>google</c>.</param>
/// <param name="Issuer">Where its <c>/.well-known/openid-configuration</c> stands.</param>
public sealed record OpenIdProvider(string Name, string Issuer, string ClientId, string ClientSecret);

/// <summary>The settings <c>OpenIdConnect__NAME__…</c>, for each provider. One without a client id is not offered.</summary>
public sealed class OpenIdOptions(IConfiguration configuration)
{
    public const string Section = "OpenIdConnect";

    /// <summary>Every setting that a provider has.</summary>
    public static IReadOnlyList<string> Settings { get; } = ["issuer", "clientId", "clientSecret"];

    public IReadOnlyList<OpenIdProvider> All =>
    [
        .. configuration.GetSection(Section).GetChildren()
            .Where(one => one["clientId"] is { Length: > 0 } && one["issuer"] is { Length: > 0 })
            .Select(one => new OpenIdProvider(one.Key, one["issuer"]!, one["clientId"]!, one["clientSecret"] ?? "")),
    ];

    public OpenIdProvider? Find(string name) => All.FirstOrDefault(one => one.Name == name);
}
