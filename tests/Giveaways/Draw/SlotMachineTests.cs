using FinVault.Giveaways.Draw;

namespace FinVault.Tests.Giveaways.Draw;

/// <summary>Odds, rolls and receipts of slot-machine mode.</summary>
public sealed class SlotMachineTests
{
    private static readonly DrawRules Rules = DrawSamples.Rules(DrawMode.SlotMachine, prizes: 10);

    private readonly SlotMachine _machine = new(DrawSamples.ServerSeed(), Rules);

    [Theory]
    [InlineData(0, 0, 0, 0, 500, 0)] // nothing is due at the start
    [InlineData(1_770, 250, 0, 5, 258, 19_379_844)] // half of the pace: 5 due, ⌊250·1830/1770⌋ still to come
    [InlineData(1_770, 100, 5, 0, 254, 0)] // all that was due has fallen
    [InlineData(1_770, 2_000, 4, 1, 2_067, 483_792)] // more came than expected: 2000·1830/1770 are still to come
    [InlineData(3_539, 10, 0, 9, 8, 300_000_000)] // the cap
    [InlineData(3_540, 10, 9, 1, 8, 1_000_000_000)] // the final window: whatever is left falls
    [InlineData(3_540, 10, 10, 0, 8, 0)] // nothing is left
    public void Odds_AreAsPublished(int second, long attempts, int awarded, long due, long expected, long chance)
    {
        SlotSpin spin = _machine.Spin(At(second, attempts, awarded), new("PARTICIPANT_1", 1));
        Assert.Equal((due, expected, chance), (spin.Due, spin.Expected, spin.ChancePerBillion));
    }

    [Fact]
    public void Roll_FollowsFromSeedAndNonceAlone()
    {
        AttemptNonce nonce = new("PARTICIPANT_1", 1, "luck");
        long roll = Roll(nonce);
        Assert.Equal(roll, _machine.Spin(At(3_000, 77, 3), nonce).RollPerBillion);
        long[] others =
        [
            Roll(nonce with { Number = 2 }), Roll(nonce with { ClientSeed = "" }), Roll(nonce with { Participant = "PARTICIPANT_2" }),
            new SlotMachine(DrawSamples.ServerSeed(2), Rules).Spin(At(0, 0, 0), nonce).RollPerBillion,
        ];
        Assert.DoesNotContain(roll, others);

        long Roll(AttemptNonce of) => _machine.Spin(At(0, 0, 0), of).RollPerBillion;
    }

    [Fact]
    public void Rolls_AreUniform()
    {
        int[] counts = new int[16];
        for (int i = 1; i <= 8_000; i++)
        {
            counts[_machine.Spin(At(0, 0, 0), new("PARTICIPANT_1", i)).RollPerBillion * 16 / SlotMachine.Billion]++;
        }

        // 15 degrees of freedom: 37.7 for one in a thousand.
        Assert.True(counts.Sum(count => (count - 500.0) * (count - 500.0) / 500) < 37.7, string.Join(' ', counts));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(1_500)]
    public void AllPrizesFall_ThroughoutTheWindow(int attempts)
    {
        (DrawRecord record, IReadOnlyList<SlotReceipt> _) = DrawSamples.Slots(Rules, attempts);
        Assert.Equal(Rules.Prizes.Count, record.Receipts.Count);
        long final = Rules.Slots!.EndMilliseconds - Rules.Slots.FinalWindowMilliseconds;
        Assert.InRange(record.Receipts.Count(receipt => receipt.AtMilliseconds < final), 5, 10);
        Assert.DoesNotContain(record.RunnersUp, pick => record.Receipts.Any(receipt => receipt.Participant == pick.Entry));
    }

    [Fact]
    public void EveryReceipt_IsVerifiedAfterTheReveal_AndNoChangedOneIs()
    {
        (DrawRecord record, IReadOnlyList<SlotReceipt> all) = DrawSamples.Slots(Rules, 60);
        Assert.All(all, receipt => Assert.Null(_machine.FaultOf(receipt)));
        Assert.True(ProvableDraw.Verify(record).Verified);
        string json = DrawSamples.ToJson(record);
        (int exitCode, string output) = DrawSamples.VerifyOffline(json, [.. all.Select(DrawSamples.ToJson)]);
        Assert.True(exitCode == 0, output);
        SlotReceipt lost = all.First(receipt => receipt.Prize is null);
        SlotReceipt[] forged =
        [
            lost with { Prize = Rules.Prizes[0] }, lost with { RollPerBillion = 0 }, lost with { ClientSeed = "other" },
            lost with { ChancePerBillion = lost.ChancePerBillion + 1 }, lost with { Attempts = lost.Attempts + 1 },
            lost with { AtMilliseconds = lost.AtMilliseconds + 1 }, lost with { Participant = "PARTICIPANT_X" },
            lost with { Seal = new('0', 64) }, lost with { Giveaway = "EVENT_X" }, lost with { Awarded = lost.Awarded + 1 },
        ];
        Assert.All(forged, receipt => Assert.NotNull(_machine.FaultOf(receipt)));
        Assert.All(forged, receipt => Assert.Equal(1, DrawSamples.VerifyOffline(json, DrawSamples.ToJson(receipt)).ExitCode));
    }

    [Fact]
    public void AReceiptOfTheLastMoment_SaysThatThePrizesWereGone()
    {
        SlotStanding standing = At(3_590, 10, 9);
        AttemptNonce nonce = new("PARTICIPANT_1", 1);
        SlotReceipt receipt = _machine.Receipt(standing, nonce, _machine.Spin(standing, nonce), prize: null);
        Assert.True(receipt.SoldOut);
        Assert.Null(_machine.FaultOf(receipt));
    }

    private static SlotStanding At(int second, long attempts, int awarded) =>
        new(Rules.Slots!.StartMilliseconds + (second * 1_000L), attempts, awarded);
}
