using FinVault.Tests.Support;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer(SharedFirst.Type, SharedFirst.Assembly)]

namespace FinVault.Tests.Support;

/// <summary>
/// What takes longest begins first, so that it is not what is left at the end while the processors have nothing to do:
/// collections that many classes share (a browser, an Azurite), whose tests wait for each other, and the walk, which waits
/// for a giveaway to end by a real clock.
/// </summary>
public sealed class SharedFirst : ITestCollectionOrderer
{
    private const string Walk = "Story.WalkTests";

    internal const string Type = "FinVault.Tests.Support.SharedFirst";
    internal const string Assembly = "FinVault.Tests";

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections
            .OrderBy(collection => collection.CollectionDefinition is null
                && !collection.DisplayName.EndsWith(Walk, StringComparison.Ordinal))
            .ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
