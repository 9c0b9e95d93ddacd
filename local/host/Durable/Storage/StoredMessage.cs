using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>An event on its way into an instance's history.</summary>
/// <param name="Id">Unique in the store; 0 where it need not be stored since a restart makes it again.</param>
/// <param name="Event">The event.</param>
/// <param name="ExecutionId">The execution that it is for; null where any will do.</param>
/// <param name="Recursive">A termination that sub-orchestrations must follow.</param>
sealed record StoredMessage(long Id, HistoryEvent Event, string? ExecutionId = null, bool Recursive = false)
{
    public void Write(ByteWriter to)
    {
        to.Int(Id);
        to.Text(ExecutionId);
        to.Bool(Recursive);
        HistoryCodec.Write(to, Event);
    }

    public static StoredMessage Read(ref ByteReader from)
    {
        long id = from.Int();
        string? execution = from.Text();
        bool recursive = from.Bool();
        return new(id, HistoryReader.Read(ref from), execution, recursive);
    }
}
