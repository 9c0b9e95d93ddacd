namespace FinVault.Local.EventHubs;

/// <summary>Append calls that are written by one write.</summary>
internal sealed class CommitGroup
{
    private readonly TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<EventFrame> Frames { get; } = [];

    public Task Committed => _committed.Task;

    public void Complete(Exception? failure)
    {
        if (failure is null)
        {
            _committed.SetResult();
        }
        else
        {
            _committed.SetException(failure);
        }
    }
}
