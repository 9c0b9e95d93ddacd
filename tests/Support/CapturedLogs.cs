using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Support;

/// <summary>One log entry: its rendered message, its structured values and those of the scopes around it.</summary>
public sealed record CapturedLog(
    LogLevel Level, int EventId, string Message, Exception? Exception,
    IReadOnlyDictionary<string, string?> Values, IReadOnlyDictionary<string, string?> Scope)
{
    public string? this[string name] => Values[name];
}

/// <summary>Keeps what is logged, for tests of logging itself.</summary>
public sealed class CapturedLogs : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<CapturedLog> entries = new();
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<CapturedLog> All => entries;

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public ILogger<T> Create<T>() => new LoggerFactory([this]).CreateLogger<T>();

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    private static Dictionary<string, string?> Flatten(object? state)
    {
        Dictionary<string, string?> values = [];
        foreach ((string name, object? value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
        {
            values[name] = Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        return values;
    }

    private sealed class Logger(CapturedLogs owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => owner.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            Dictionary<string, string?> scope = [];
            owner.scopes.ForEachScope(
                (around, all) =>
                {
                    foreach ((string name, string? value) in Flatten(around))
                    {
                        all[name] = value;
                    }
                },
                scope);
            owner.entries.Enqueue(
                new(logLevel, eventId.Id, formatter(state, exception), exception, Flatten(state), scope));
        }
    }
}
