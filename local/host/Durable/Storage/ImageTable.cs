using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>
/// All instances that have not ended, as the journal tells them up to its last row. Changes of ended or replaced runs
/// find no image and come to nothing.
/// </summary>
/// <param name="savedUpTo">Which journal row an instance's own row includes already; -1 without one. Asked in
/// recovery.</param>
sealed class ImageTable(Func<string, long>? savedUpTo = null)
{
    readonly Dictionary<string, InstanceImage> live = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, InstanceImage> Live => live;

    /// <summary>Ended and not yet saved.</summary>
    public Dictionary<string, InstanceImage> Ended { get; } = new(StringComparer.Ordinal);

    public List<string> Purged { get; } = [];

    public void Load(InstanceImage image) => live.Add(image.Id, image);

    public InstanceImage? Find(string id, long epoch, long row) =>
        live.TryGetValue(id, out InstanceImage? image) && image.Epoch == epoch && row > image.SavedUpTo ? image : null;

    public void Deliver(string id, StoredMessage message, long row)
    {
        bool known = live.TryGetValue(id, out InstanceImage? image);
        if (known && row <= image!.SavedUpTo)
        {
            return;
        }

        if (message.Event is ExecutionStartedEvent)
        {
            if (!known && savedUpTo?.Invoke(id) >= row)
            {
                return;
            }

            image = live[id] = InstanceImage.Started(message);
            Ended.Remove(id);
            Changed(image, row);
        }
        else if (known)
        {
            image!.Inbox.Add(message);
            Changed(image, row);
        }
    }

    public void Revive(RewindChange change, long row)
    {
        if (savedUpTo?.Invoke(change.InstanceId) >= row)
        {
            return;
        }

        InstanceImage image = InstanceImage.Rewound(change);
        live[change.InstanceId] = image;
        Ended.Remove(change.InstanceId);
        Changed(image, row);
    }

    public void Changed(InstanceImage image, long row)
    {
        image.Applied = row;
        if (image.FirstUnsaved == 0)
        {
            image.FirstUnsaved = row;
        }

        if (image.HasEnded)
        {
            live.Remove(image.Id);
            Ended[image.Id] = image;
        }
    }

    /// <summary>An instance that was started again in the meantime stays.</summary>
    public void Forget(string id)
    {
        if (!live.ContainsKey(id))
        {
            Ended.Remove(id);
            Purged.Add(id);
        }
    }
}
