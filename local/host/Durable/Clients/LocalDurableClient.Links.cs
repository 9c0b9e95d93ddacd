using System.Security.Cryptography;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.Durable;

/// <summary>What check-status responses say: where the management endpoints are, and their key.</summary>
sealed partial class LocalDurableClient : IDurableHttpLinks
{
    string? systemKey;

    public Uri? BaseAddress { get; set; }

    /// <summary>Made at the first run and kept with the store.</summary>
    public string SystemKey => systemKey ??= engine.Store.Setting(
        "systemKey", () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    string? IDurableHttpLinks.HttpBaseUrl =>
        BaseAddress?.GetLeftPart(UriPartial.Authority) is { } root ? root + ManagementEndpoints.Root : null;

    string? IDurableHttpLinks.QueryString => "code=" + SystemKey;
}
