using FinVault.Tests.Support;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer(SharedFirst.Type, SharedFirst.Assembly)]

namespace FinVault.Tests.Support;

/// <summary>
/// Collections that many classes share (a browser, an Azurite) take longest, since their tests wait for each other: they
/// begin first, so that they are not what is left at the end while the other processor has nothing to do.
/// </summary>
public sealed class SharedFirst : ITestCollectionOrderer
{
    internal const string Type = "FinVault.Tests.Support.SharedFirst";
    internal const string Assembly = "FinVault.Tests";

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => collection.CollectionDefinition is null)
            .ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
