using System.Collections.Immutable;
using FinVault.Contracts;
using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker;

public abstract class FunctionContext
{
    protected FunctionContext()
    {
    }

    public abstract string InvocationId { get; }

    public abstract string FunctionId { get; }

    public abstract TraceContext TraceContext { get; }

    public abstract BindingContext BindingContext { get; }

    public abstract RetryContext RetryContext { get; }

    public abstract IServiceProvider InstanceServices { get; set; }

    public abstract FunctionDefinition FunctionDefinition { get; }

    public abstract IDictionary<object, object> Items { get; set; }

    public abstract IInvocationFeatures Features { get; }

    public virtual CancellationToken CancellationToken => throw Declaration.Only;
}

public abstract class TraceContext
{
    protected TraceContext()
    {
    }

    public abstract string TraceParent { get; }

    public abstract string TraceState { get; }

    public virtual IReadOnlyDictionary<string, string> Attributes => throw Declaration.Only;

    public virtual IReadOnlyDictionary<string, string> Baggage => throw Declaration.Only;
}

public abstract class BindingContext
{
    protected BindingContext()
    {
    }

    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}

public abstract class RetryContext
{
    protected RetryContext()
    {
    }

    public abstract int RetryCount { get; }

    public abstract int MaxRetryCount { get; }
}

public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    void Set<T>(T? instance);

    T? Get<T>();
}

public enum BindingDirection
{
    In = 0,
    Out = 1,
}

public abstract class BindingMetadata
{
    protected BindingMetadata()
    {
    }

    public abstract string Name { get; }

    public abstract string Type { get; }

    public abstract BindingDirection Direction { get; }
}

public class FunctionParameter
{
    public FunctionParameter(string name, Type type)
        : this(name, type, ImmutableDictionary<string, object>.Empty)
    {
    }

    public FunctionParameter(string name, Type type, IReadOnlyDictionary<string, object> properties)
    {
        Name = name;
        Type = type;
        Properties = properties;
    }

    public string Name { get; }

    public Type Type { get; }

    public IReadOnlyDictionary<string, object> Properties { get; }
}

public abstract class FunctionDefinition
{
    protected FunctionDefinition()
    {
    }

    public abstract ImmutableArray<FunctionParameter> Parameters { get; }

    public abstract string PathToAssembly { get; }

    public abstract string EntryPoint { get; }

    public abstract string Id { get; }

    public abstract string Name { get; }

    public abstract IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public abstract IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }
}

public static class FunctionContextExtensions
{
    /// <summary>As in the package: the request that the ASP.NET Core integration keeps among the invocation's items.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context) =>
        context.Items.TryGetValue("HttpRequestContext", out object? request) ? request as HttpContext : null;
}
