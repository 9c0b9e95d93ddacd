using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Notifications;

/// <summary>
/// The container <c>notifications</c>. A partition is a user, or the hash of a code that links a chat to one.
/// </summary>
public sealed class NotificationDocuments(CosmosClient cosmos) : Documents(cosmos, Containers.Notifications);
