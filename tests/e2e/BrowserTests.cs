using FinVault.Tests.E2e.Chrome;

namespace FinVault.Tests.E2e;

/// <summary>One browser and one server for all tests that look at pages; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Browser>, ICollectionFixture<MarketServer>
{
    public const string Name = "browser";
}
