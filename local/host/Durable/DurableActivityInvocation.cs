using Microsoft.DurableTask;

namespace FinVault.Local.Durable;

/// <summary>One attempt of an activity.</summary>
public sealed class DurableActivityInvocation : TaskActivityContext
{
    readonly DataConverter converter;

    internal DurableActivityInvocation(
        string name, string instanceId, int taskId, string version, string? rawInput, DataConverter converter)
    {
        Name = name;
        InstanceId = instanceId;
        TaskId = taskId;
        Version = version;
        RawInput = rawInput;
        this.converter = converter;
    }

    /// <summary>As it was registered.</summary>
    public override TaskName Name { get; }

    /// <summary>The instance that called.</summary>
    public override string InstanceId { get; }

    /// <summary>The number of the call among its instance's.</summary>
    public int TaskId { get; }

    public override string Version { get; }

    /// <summary>JSON; null for no input.</summary>
    public string? RawInput { get; }

    /// <summary>The input as this type; a converter's exception fails the attempt.</summary>
    public object? GetInput(Type type) => converter.Deserialize(RawInput, type);
}
