using FinVault.Market;

namespace FinVault.Tests.Market;

public sealed class PartitionHashTests
{
    /// <summary>The values that the Event Hubs SDK's own tests expect (PartitionResolverTests, "hash code is stable").</summary>
    [Theory]
    [InlineData("7", -15263)]
    [InlineData("131", 30562)]
    [InlineData("7149583486996073602", 12977)]
    [InlineData("FWfAT", -22341)]
    [InlineData("sOdeEAsyQoEuEFPGerWO", -6503)]
    [InlineData("!c*_!I@1^c", 15372)]
    [InlineData("p4*!jioeO/z-!-;w:dh", -3104)]
    [InlineData("$0cb", 26269)]
    [InlineData("-4189260826195535198", 453)]
    public void Hash_OfTheSdksOwnVectors_IsTheGateways(string key, int expected) =>
        Assert.Equal(expected, PartitionHash.Hash(key));

    [Fact]
    public void PartitionFor_FiftySymbols_UsesEveryPartition()
    {
        IEnumerable<int> partitions = Enumerable.Range(0, 50).Select(i => PartitionHash.PartitionFor($"SYMBOL{i}", 4));

        Assert.Equal([0, 1, 2, 3], partitions.Distinct().Order());
    }
}
