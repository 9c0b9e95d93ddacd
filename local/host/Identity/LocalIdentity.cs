using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Local.Notifications;

namespace FinVault.Local.Identity;

/// <summary>What Azure takes from a vault, each data folder makes for itself.</summary>
internal static class LocalIdentity
{
    private const int KeyBytes = 32;

    /// <summary>Sets the keys that are not set already.</summary>
    public static void SetKeys(IConfiguration configuration, string? folder)
    {
        Set(configuration, nameof(IdentityOptions.AccessTokenKeys), Open(folder, "access-tokens.key"));
        Set(configuration, nameof(IdentityOptions.RefreshTokenKeys), Open(folder, "refresh-tokens.key"));
        Set(configuration, nameof(IdentityOptions.SecretKeys), Open(folder, "secrets.key"));
        // Demo users sign in with a password that everybody knows.
        configuration[$"{IdentityOptions.Section}:{nameof(IdentityOptions.OperatorsNeedCode)}"] ??= "false";
        SimulatedChannels.SetKeys(configuration, Open(folder, "web-push.key"));
    }

    /// <summary>Links in mails lead to this host.</summary>
    public static void SetAddress(IConfiguration configuration, Uri address)
    {
        configuration[$"{IdentityOptions.Section}:{nameof(IdentityOptions.WebBaseUrl)}"] ??= address.ToString().TrimEnd('/');
        SimulatedOpenId.SetAddress(configuration, address);
        SimulatedChannels.SetAddress(configuration, address);
    }

    private static byte[] Open(string? folder, string name) => KeyFile.Open(folder, name, KeyBytes);

    private static void Set(IConfiguration configuration, string name, byte[] key) =>
        configuration[$"{IdentityOptions.Section}:{name}"] ??= $"local:{Convert.ToBase64String(key)}";
}
