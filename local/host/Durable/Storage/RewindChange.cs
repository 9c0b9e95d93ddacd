namespace FinVault.Local.Durable;

/// <summary>
/// A failed instance goes on from a history without its failed calls, and the trigger makes it do so.
/// </summary>
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
