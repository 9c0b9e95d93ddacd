namespace FinVault.Local.EventHubs.Amqp;

/// <summary>The fields of a performative by their place in the standard; those that were left out have defaults.</summary>
internal sealed class Performative(Described described)
{
    private readonly List<object?> _fields = described.Fields;

    public ulong Code { get; } = described.Code;

    public object? this[int field] => field < _fields.Count ? _fields[field] : null;

    public T Get<T>(int field, T absent) => this[field] is T value ? value : absent;

    /// <summary>A field that is a map with symbols for keys.</summary>
    public Dictionary<object, object?> Map(int field) => Get<Dictionary<object, object?>>(field, []);
}
