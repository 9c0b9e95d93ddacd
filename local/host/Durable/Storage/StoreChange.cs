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
