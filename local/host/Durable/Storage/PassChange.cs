using DurableTask.Core;

namespace FinVault.Local.Durable;

/// <summary>
/// A pass of the orchestrator: what it took from the inbox, what it added to history, where it stands.
/// </summary>
sealed record PassChange(
    string InstanceId,
    long Epoch,
    OrchestrationStatus Status,
    DateTime Updated,
    string? CustomStatus,
    long[] Consumed,
    byte[] History) : StoreChange(InstanceId)
{
    /// <summary>Set where the instance starts over: its history is emptied and these come before its inbox.</summary>
    public StoredMessage[]? StartOver { get; init; }

    public override void Apply(ImageTable images, long row)
    {
        if (images.Find(InstanceId, Epoch, row) is not { } image)
        {
            return;
        }

        image.Status = Status;
        image.Updated = Updated;
        image.CustomStatus = CustomStatus;
        if (Consumed.Length > 0)
        {
            image.Inbox.RemoveAll(m => Array.IndexOf(Consumed, m.Id) >= 0);
        }

        if (StartOver is null)
        {
            image.History.Add(History);
        }
        else
        {
            image.History.Clear();
            image.Inbox.InsertRange(0, StartOver);
        }

        images.Changed(image, row);
    }

    protected override void Write(ByteWriter to)
    {
        to.Int(Epoch);
        to.Int((int)Status);
        to.Time(Updated);
        to.Text(CustomStatus);
        to.Int(Consumed.Length);
        foreach (long id in Consumed)
        {
            to.Int(id);
        }

        to.Block(History);
        to.Int(StartOver?.Length ?? -1);
        foreach (StoredMessage message in StartOver ?? [])
        {
            message.Write(to);
        }
    }

    public static PassChange Read(string id, ref ByteReader from)
    {
        long epoch = from.Int();
        OrchestrationStatus status = (OrchestrationStatus)from.Int32();
        DateTime updated = from.Time();
        string? custom = from.Text();
        long[] consumed = new long[from.Int32()];
        for (int i = 0; i < consumed.Length; i++)
        {
            consumed[i] = from.Int();
        }

        byte[] history = from.Block();
        int carried = from.Int32();
        StoredMessage[]? startOver = carried < 0 ? null : new StoredMessage[carried];
        for (int i = 0; i < carried; i++)
        {
            startOver![i] = StoredMessage.Read(ref from);
        }

        return new(id, epoch, status, updated, custom, consumed, history) { StartOver = startOver };
    }
}
