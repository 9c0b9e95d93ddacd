using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>
/// The container <c>identity</c>. A partition is a user (<c>USER_…</c>), a tenant, or what leads to a user: the hash of
/// an e-mail address or of a login elsewhere.
/// </summary>
public sealed class IdentityDocuments(CosmosClient cosmos) : Documents(cosmos, Containers.Identity);
