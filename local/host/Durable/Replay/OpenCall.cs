using DurableTask.Core;
using Microsoft.DurableTask;

namespace FinVault.Local.Durable;

/// <summary>A call whose outcome history has not told yet.</summary>
abstract class OpenCall(string? name)
{
    public string? Name => name;

    public abstract void Complete(string? result, DataConverter converter);

    public abstract void Fail(int id, FailureDetails? failure);
}

/// <summary>An activity or sub-orchestration that gives a <typeparamref name="T"/>.</summary>
sealed class OpenCall<T>(string name) : OpenCall(name)
{
    // Continuations run within SetResult, on the orchestrator's thread, as replay needs it.
    readonly TaskCompletionSource<T> source = new();

    public Task<T> Task => source.Task;

    public override void Complete(string? result, DataConverter converter)
    {
        T value;
        try
        {
            value = converter.Deserialize<T>(result)!;
        }
#pragma warning disable CA1031 // The converter may throw anything; the orchestrator sees it at its await.
        catch (Exception e)
#pragma warning restore CA1031
        {
            source.SetException(e);
            return;
        }

        source.SetResult(value);
    }

    public override void Fail(int id, FailureDetails? failure) =>
        source.SetException(new TaskFailedException(Name!, id, Failures.Told(failure)!));
}

/// <summary>A timer, which may be cancelled.</summary>
sealed class OpenTimer() : OpenCall(null)
{
    readonly TaskCompletionSource source = new();

    public Task Task => source.Task;

    public bool Cancel(CancellationToken cancellation) => source.TrySetCanceled(cancellation);

    public override void Complete(string? result, DataConverter converter) => source.TrySetResult();

    public override void Fail(int id, FailureDetails? failure) =>
        throw new NotSupportedException("Timers do not fail.");
}
