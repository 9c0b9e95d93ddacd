using System.Collections;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.Hosting;

/// <summary>One invocation, as functions and middleware see it.</summary>
public sealed class LocalFunctionContext(FunctionModel function, TriggerInput input) : FunctionContext
{
    private readonly string _invocationId = Guid.NewGuid().ToString();

    public FunctionModel Function { get; } = function;

    public TriggerInput Input { get; } = input;

    /// <summary>What the function returned; output-bound properties are taken out of it as in the worker.</summary>
    public object? Result { get; set; }

    public override string InvocationId => _invocationId;

    public override string FunctionId => Function.Definition.Id;

    public override TraceContext TraceContext { get; } = new LocalTraceContext(input);

    public override BindingContext BindingContext { get; } = new LocalBindingContext(input.BindingData);

    public override RetryContext RetryContext => Retry;

    public override IServiceProvider InstanceServices { get; set; } = null!;

    public override FunctionDefinition FunctionDefinition => Function.Definition;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new LocalInvocationFeatures();

    public override CancellationToken CancellationToken => Cancellation;

    internal CancellationToken Cancellation { get; init; }

    internal LocalRetryContext Retry { get; init; } = new(0, 0);
}

public sealed class LocalRetryContext(int retryCount, int maxRetryCount) : RetryContext
{
    public override int RetryCount => retryCount;

    public override int MaxRetryCount => maxRetryCount;
}

internal sealed class LocalBindingContext(IReadOnlyDictionary<string, object?> data) : BindingContext
{
    public override IReadOnlyDictionary<string, object?> BindingData => data;
}

/// <summary>The invocation's own activity once it runs, else what the trigger brought.</summary>
internal sealed class LocalTraceContext(TriggerInput input) : TraceContext
{
    internal System.Diagnostics.Activity? Activity { get; set; }

    public override string TraceParent => Activity?.Id ?? input.TraceParent ?? "";

    public override string TraceState => Activity?.TraceStateString ?? input.TraceState ?? "";

    public override IReadOnlyDictionary<string, string> Attributes { get; } = new Dictionary<string, string>();

    public override IReadOnlyDictionary<string, string> Baggage =>
        Activity?.Baggage.Where(item => item.Value is not null)
            .GroupBy(item => item.Key).ToDictionary(item => item.Key, item => item.First().Value!)
        ?? [];
}

internal sealed class LocalInvocationFeatures : IInvocationFeatures
{
    private readonly Dictionary<Type, object> _features = [];

    public void Set<T>(T? instance)
    {
        if (instance is null)
        {
            _features.Remove(typeof(T));
        }
        else
        {
            _features[typeof(T)] = instance;
        }
    }

    public T? Get<T>() => _features.TryGetValue(typeof(T), out object? found) ? (T)found : default;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
