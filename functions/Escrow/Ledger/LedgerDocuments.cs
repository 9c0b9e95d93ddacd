using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>The container <c>ledger</c>. A partition is an account, or <c>transfer:ID</c>.</summary>
internal sealed class LedgerDocuments(CosmosClient cosmos) : Documents(cosmos, Containers.Ledger);
