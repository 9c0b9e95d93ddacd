using FinVault.Escrow;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Escrow.Redemptions;

public sealed class SettlementSplitTests
{
    [Theory]
    [InlineData(50_000, 17_321, 1_000_000, 47_906, 1_228, 866)]
    [InlineData(50_000, 0, 0, 48_750, 1_250, 0)]
    [InlineData(1, 0, 0, 1, 0, 0)]
    // 2.5 % of 20 is half a minor unit: to the even 0; of 60 it is 1.5: to the even 2.
    [InlineData(20, 0, 0, 20, 0, 0)]
    [InlineData(60, 0, 0, 58, 2, 0)]
    [InlineData(100, 1, 1, 0, 0, 100)]
    public void Split_IsProviderFirstThenServiceHalfEven(
        long gross, long feeTotal, long feeGross, long net, long fee, long providerFee) => Assert.Equal(
            new SettlementSplit(net, fee, providerFee), SettlementSplit.Of(gross, new(feeTotal, feeGross), 250));

    [Fact]
    public void Parts_SumToTheWhole_AndNoneIsNegative()
    {
        Gen<(long, long, long, int)> cases =
            from gross in Gen.Choose(0, int.MaxValue).Select(n => (long)n * 465)
            from total in Gen.Choose(0, int.MaxValue)
            from fee in Gen.Choose(0, total)
            from rate in Gen.Choose(0, 10_000)
            select (gross, (long)fee, (long)total, rate);
        Prop.ForAll(Arb.From(cases), one =>
        {
            (long gross, long fee, long total, int rate) = one;
            SettlementSplit split = SettlementSplit.Of(gross, new(fee, total), rate);
            return split.Net + split.Fee + split.ProviderFee == gross
                && split is { Net: >= 0, Fee: >= 0, ProviderFee: >= 0 }
                && Math.Abs(split.Fee - ((gross - split.ProviderFee) * (decimal)rate / 10_000)) <= 0.5m;
        }).QuickCheckThrowOnFailure();
    }
}
