using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios;

/// <summary>What is pushed of many holdings comes in messages that a browser takes in between two frames.</summary>
public sealed class LiveMessagesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(850, 9)]
    public void Update_OfManyHoldings_IsSentInParts_EachWithTheWholeTotal(int holdings, int messages)
    {
        LiveHolding[] changed = [.. Enumerable.Range(0, holdings).Select(i => new LiveHolding($"PACC_{i}", null!))];
        LiveUpdate update = new(DateTimeOffset.UnixEpoch, null!, [], changed);
        LiveUpdate[] parts = [.. LivePortfolio.MessagesOf(update)];
        Assert.Equal(messages, parts.Length);
        Assert.All(parts, part => Assert.InRange(part.Holdings.Count, 0, LivePortfolio.HoldingsAMessage));
        Assert.All(parts, part => Assert.Equal(update with { Holdings = part.Holdings }, part));
        Assert.Equal(changed, parts.SelectMany(part => part.Holdings));
    }
}
