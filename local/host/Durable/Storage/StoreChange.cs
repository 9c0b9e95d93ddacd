using DurableTask.Core;

namespace FinVault.Local.Durable;

/// <summary>
/// One step of the store. A commit is a list of changes that come true together; the journal is a list of commits.
/// Applied to images at commit and, after a restart, from the journal: there is one way to apply, not two.
/// </summary>
abstract record StoreChange(string InstanceId)
{
    enum Kind : byte
    {
        Message = 1,
        Pass = 2,
        Purge = 3,
        Rewind = 4,
    }

    public abstract void Apply(ImageTable images, long row);

    public static void WriteAll(ByteWriter to, IReadOnlyList<StoreChange> changes)
    {
        to.Int(changes.Count);
        foreach (StoreChange change in changes)
        {
            to.Byte((byte)change.Type);
            to.Text(change.InstanceId);
            change.Write(to);
        }
    }

    public static StoreChange[] ReadAll(ref ByteReader from)
    {
        StoreChange[] changes = new StoreChange[from.Int32()];
        for (int i = 0; i < changes.Length; i++)
        {
            Kind kind = (Kind)from.Byte();
            string id = from.Text()!;
            changes[i] = kind switch
            {
                Kind.Message => new MessageChange(id, StoredMessage.Read(ref from)),
                Kind.Pass => PassChange.Read(id, ref from),
                Kind.Purge => new PurgeChange(id),
                Kind.Rewind => RewindChange.Read(id, ref from),
                _ => throw new InvalidDataException($"The durable journal holds a change of an unknown kind ({kind})."),
            };
        }

        return changes;
    }

    protected abstract void Write(ByteWriter to);

    Kind Type => this switch
    {
        MessageChange => Kind.Message,
        PassChange => Kind.Pass,
        PurgeChange => Kind.Purge,
        _ => Kind.Rewind,
    };
}

/// <summary>A message comes; one that starts an execution makes the instance, or makes it anew.</summary>
sealed record MessageChange(string InstanceId, StoredMessage Message) : StoreChange(InstanceId)
{
    public override void Apply(ImageTable images, long row) => images.Deliver(InstanceId, Message, row);

    protected override void Write(ByteWriter to) => Message.Write(to);
}

/// <summary>An ended instance is forgotten.</summary>
sealed record PurgeChange(string InstanceId) : StoreChange(InstanceId)
{
    public override void Apply(ImageTable images, long row) => images.Forget(InstanceId);

    protected override void Write(ByteWriter to)
    {
        // The id says it all.
    }
}

/// <summary>A pass of the orchestrator: what it took from the inbox, what it added to history, where it stands.</summary>
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

/// <summary>A failed instance goes on from a history without its failed calls, and the trigger makes it do so.</summary>
sealed record RewindChange(string InstanceId, byte[] History, StoredMessage Trigger) : StoreChange(InstanceId)
{
    public override void Apply(ImageTable images, long row) => images.Revive(this, row);

    protected override void Write(ByteWriter to)
    {
        to.Block(History);
        Trigger.Write(to);
    }

    public static RewindChange Read(string id, ref ByteReader from) =>
        new(id, from.Block(), StoredMessage.Read(ref from));
}
