namespace FinVault.Platform.Outbox;

/// <summary>
/// Tells somebody what happened. A message comes at least once, so a handler does nothing the second time, by the
/// message's id. It is quick: what takes long is begun here and done elsewhere (an orchestration).
/// </summary>
public interface IOutboxHandler
{
    /// <summary>Whether it has to do with messages of this kind.</summary>
    bool Takes(string kind);

    /// <summary>
    /// Handles one. A failure that passes (<see cref="Failures.IsTransient"/>) is tried again without end; after any
    /// other the message is set aside for an operator.
    /// </summary>
    Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken);
}
