using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask;

/// <summary>Loggers that are silent while the orchestrator is replayed; as in the package.</summary>
public abstract partial class TaskOrchestrationContext
{
    ReplaySafeFactory? replaySafeLoggerFactory;

    public virtual ILoggerFactory ReplaySafeLoggerFactory => replaySafeLoggerFactory ??= new(this);

    public virtual ILogger CreateReplaySafeLogger(string categoryName) =>
        new ReplaySafeLogger(this, Unwrapped.CreateLogger(categoryName));

    public virtual ILogger CreateReplaySafeLogger(Type type) =>
        new ReplaySafeLogger(this, Unwrapped.CreateLogger(type));

    public virtual ILogger CreateReplaySafeLogger<T>() =>
        new ReplaySafeLogger(this, Unwrapped.CreateLogger<T>());

    ILoggerFactory Unwrapped
    {
        get
        {
            ILoggerFactory factory = LoggerFactory;
            while (factory is ReplaySafeFactory wrapped)
            {
                factory = wrapped.Context.LoggerFactory;
            }

            return factory;
        }
    }

    sealed class ReplaySafeLogger(TaskOrchestrationContext context, ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!context.IsReplaying)
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }

    sealed class ReplaySafeFactory(TaskOrchestrationContext context) : ILoggerFactory
    {
        internal TaskOrchestrationContext Context => context;

        public ILogger CreateLogger(string categoryName) => context.CreateReplaySafeLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException(
            "Adding providers to the replay-safe logger factory is not supported.");

        public void Dispose()
        {
            // The factory inside is not this one's.
        }
    }
}
