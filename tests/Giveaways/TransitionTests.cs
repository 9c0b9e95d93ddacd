using FinVault.Giveaways;

namespace FinVault.Tests.Giveaways;

/// <summary>The whole table, cell by cell: what is not here is refused, naming from, to and event.</summary>
public sealed class TransitionTests
{
    private static readonly Dictionary<(GiveawayState, GiveawayEvent), GiveawayState> Lawful = new()
    {
        [(GiveawayState.Draft, GiveawayEvent.Edit)] = GiveawayState.Draft,
        [(GiveawayState.Draft, GiveawayEvent.Schedule)] = GiveawayState.Scheduled,
        [(GiveawayState.Draft, GiveawayEvent.Cancel)] = GiveawayState.Cancelled,
        [(GiveawayState.Scheduled, GiveawayEvent.Reschedule)] = GiveawayState.Scheduled,
        [(GiveawayState.Scheduled, GiveawayEvent.Pause)] = GiveawayState.Scheduled,
        [(GiveawayState.Scheduled, GiveawayEvent.Resume)] = GiveawayState.Scheduled,
        [(GiveawayState.Scheduled, GiveawayEvent.Start)] = GiveawayState.Active,
        [(GiveawayState.Scheduled, GiveawayEvent.Cancel)] = GiveawayState.Cancelled,
        [(GiveawayState.Active, GiveawayEvent.Pause)] = GiveawayState.Active,
        [(GiveawayState.Active, GiveawayEvent.Resume)] = GiveawayState.Active,
        [(GiveawayState.Active, GiveawayEvent.Close)] = GiveawayState.Drawing,
        [(GiveawayState.Active, GiveawayEvent.Cancel)] = GiveawayState.Cancelled,
        [(GiveawayState.Drawing, GiveawayEvent.Finish)] = GiveawayState.Past,
    };

    public static TheoryData<GiveawayState, GiveawayEvent> Cells()
    {
        TheoryData<GiveawayState, GiveawayEvent> cells = [];
        foreach (GiveawayState state in Enum.GetValues<GiveawayState>())
        {
            foreach (GiveawayEvent happened in Enum.GetValues<GiveawayEvent>())
            {
                cells.Add(state, happened);
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Next_IsAsTheTableSays(GiveawayState from, GiveawayEvent happened)
    {
        GiveawayState? next = GiveawayTransitions.Next(from, happened, out GiveawayRefusal? refusal);
        if (Lawful.TryGetValue((from, happened), out GiveawayState to))
        {
            Assert.Equal(((GiveawayState?)to, null), (next, refusal));
        }
        else
        {
            Assert.Null(next);
            Assert.Equal(new GiveawayRefusal(from, GiveawayTransitions.Target(happened), happened), refusal);
        }
    }

    [Theory]
    [InlineData(GiveawayState.Past)]
    [InlineData(GiveawayState.Cancelled)]
    public void TerminalStates_AreNeverLeft(GiveawayState state) => Assert.All(
        Enum.GetValues<GiveawayEvent>(), happened => Assert.Null(GiveawayTransitions.Next(state, happened, out _)));

    [Fact]
    public void OnlyThePastAndTheCancelled_AreTerminal() => Assert.All(
        Enum.GetValues<GiveawayState>(),
        state => Assert.Equal(
            !Lawful.Keys.Any(cell => cell.Item1 == state), GiveawayTransitions.IsTerminal(state)));
}
