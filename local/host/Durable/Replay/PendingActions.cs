using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>
/// What the orchestrator has asked for and history has not recorded yet, in the order of the calls. An action is the
/// history event that will record it.
/// </summary>
sealed class PendingActions
{
    readonly List<HistoryEvent> actions = [];
    int first;

    public int Count => actions.Count - first;

    public HistoryEvent First => actions[first];

    public void Add(HistoryEvent action) => actions.Add(action);

    /// <summary>Takes the action with this number; null if the orchestrator has asked for none.</summary>
    public HistoryEvent? Take(int id)
    {
        for (int i = first; i < actions.Count; i++)
        {
            if (actions[i].EventId == id)
            {
                HistoryEvent found = actions[i];
                if (i == first)
                {
                    first++;
                }
                else
                {
                    actions.RemoveAt(i);
                }

                return found;
            }
        }

        return null;
    }

    /// <summary>Takes all of them.</summary>
    public List<HistoryEvent> TakeAll()
    {
        List<HistoryEvent> all = actions.GetRange(first, Count);
        actions.Clear();
        first = 0;
        return all;
    }
}
