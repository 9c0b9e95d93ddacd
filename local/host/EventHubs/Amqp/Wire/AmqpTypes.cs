namespace FinVault.Local.EventHubs.Amqp;

/// <summary>A name from a fixed vocabulary, which AMQP encodes apart from text.</summary>
internal readonly record struct Symbol(string Name)
{
    public override string ToString() => Name;
}

/// <summary>A value together with what it is: a performative, a section of a message, a filter.</summary>
internal sealed record Described(object? Descriptor, object? Value)
{
    /// <summary>The numeric descriptor; 0 when it is a symbol.</summary>
    public ulong Code => Descriptor is ulong code ? code : 0;

    /// <summary>The fields of a composite type; empty when the value is no list.</summary>
    public List<object?> Fields => Value as List<object?> ?? [];

    public static Described Of(ulong code, params object?[] fields) => new(code, new List<object?>(fields));
}

/// <summary>What ends a link, a session or a connection, or refuses a message: a condition and a sentence.</summary>
internal sealed class AmqpException(string condition, string message) : Exception(message)
{
    public string Condition => condition;

    /// <summary>As it travels.</summary>
    public Described ToError() => Described.Of(Codes.Error, new Symbol(Condition), Message);
}

/// <summary>Conditions of the standard, and of Event Hubs, by which clients choose the exception that they throw.</summary>
internal static class Conditions
{
    public const string DecodeError = "amqp:decode-error";
    public const string FramingError = "amqp:connection:framing-error";
    public const string InvalidField = "amqp:invalid-field";
    public const string LinkStolen = "amqp:link:stolen";
    public const string MessageSizeExceeded = "amqp:link:message-size-exceeded";
    public const string NotAllowed = "amqp:not-allowed";
    public const string NotFound = "amqp:not-found";
    public const string NotImplemented = "amqp:not-implemented";
    public const string ResourceLimitExceeded = "amqp:resource-limit-exceeded";
    public const string TransferLimitExceeded = "amqp:link:transfer-limit-exceeded";
    public const string Unauthorized = "amqp:unauthorized-access";
    public const string UnattachedHandle = "amqp:session:unattached-handle";
    public const string ConnectionForced = "amqp:connection:forced";
    public const string OutOfRange = "com.microsoft:argument-out-of-range";
    public const string ServerBusy = "com.microsoft:server-busy";
}

/// <summary>Descriptors of AMQP 1.0's composite types.</summary>
internal static class Codes
{
    public const ulong Open = 0x10;
    public const ulong Begin = 0x11;
    public const ulong Attach = 0x12;
    public const ulong Flow = 0x13;
    public const ulong Transfer = 0x14;
    public const ulong Disposition = 0x15;
    public const ulong Detach = 0x16;
    public const ulong End = 0x17;
    public const ulong Close = 0x18;
    public const ulong Error = 0x1d;
    public const ulong Accepted = 0x24;
    public const ulong Rejected = 0x25;
    public const ulong SaslMechanisms = 0x40;
    public const ulong SaslInit = 0x41;
    public const ulong SaslOutcome = 0x44;
    public const ulong DeliveryAnnotations = 0x71;
    public const ulong MessageAnnotations = 0x72;
    public const ulong Properties = 0x73;
    public const ulong ApplicationProperties = 0x74;
    public const ulong Data = 0x75;
    public const ulong Sequence = 0x76;
    public const ulong Value = 0x77;
}
