using FinVault.Escrow;

namespace FinVault.Tests.Escrow.Escrows;

public sealed class EscrowTransitionsTests
{
    /// <summary>The whole table: state, event and the state after it. Whatever is not here must be refused.</summary>
    private static readonly Dictionary<(EscrowState, EscrowEvent), EscrowState> Table = new()
    {
        [(EscrowState.Pending, EscrowEvent.Hold)] = EscrowState.Held,
        [(EscrowState.Pending, EscrowEvent.Fail)] = EscrowState.Failed,
        [(EscrowState.Held, EscrowEvent.Allocate)] = EscrowState.Allocated,
        [(EscrowState.Held, EscrowEvent.Release)] = EscrowState.Released,
        [(EscrowState.Allocated, EscrowEvent.Settle)] = EscrowState.Settled,
        [(EscrowState.Allocated, EscrowEvent.Release)] = EscrowState.Released,
    };

    public static TheoryData<EscrowState, EscrowEvent> All()
    {
        TheoryData<EscrowState, EscrowEvent> all = [];
        foreach (EscrowState from in Enum.GetValues<EscrowState>())
        {
            foreach (EscrowEvent happened in Enum.GetValues<EscrowEvent>())
            {
                all.Add(from, happened);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EveryPair_IsAsTheTableSays(EscrowState from, EscrowEvent happened)
    {
        EscrowState? next = EscrowTransitions.Next(from, happened, out EscrowRefusal? refusal);
        if (Table.TryGetValue((from, happened), out EscrowState expected))
        {
            Assert.Equal(expected, next);
            Assert.Null(refusal);
        }
        else
        {
            Assert.Null(next);
            Assert.Equal((from, happened), (refusal!.From, refusal.Event));
            Assert.Contains($"{from}", refusal.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void NothingLeadsOutOfATerminalState(EscrowState from, EscrowEvent happened)
    {
        if (EscrowTransitions.IsTerminal(from))
        {
            Assert.Null(EscrowTransitions.Next(from, happened, out _));
        }
    }

    [Fact]
    public void OnlySettledReleasedAndFailed_AreTerminal() => Assert.Equal(
        [EscrowState.Settled, EscrowState.Released, EscrowState.Failed],
        Enum.GetValues<EscrowState>().Where(EscrowTransitions.IsTerminal));
}
