namespace FinVault.Local.EventHubs.Amqp;

/// <summary>A message in its sections. Header and footer are of no use here and are skipped.</summary>
internal sealed class AmqpMessage
{
    private const int MessageIdField = 0;
    private const int ReplyToField = 4;
    private const int CorrelationIdField = 5;
    private const int ContentTypeField = 6;

    private List<object?> _properties = [];

    public Dictionary<object, object?> DeliveryAnnotations { get; private set; } = [];

    public Dictionary<object, object?> Annotations { get; private set; } = [];

    public Dictionary<object, object?> ApplicationProperties { get; private set; } = [];

    /// <summary>The body's bytes, a part for each event when this is a batch.</summary>
    public List<ReadOnlyMemory<byte>> Data { get; } = [];

    /// <summary>A body that is a value or a sequence in place of bytes.</summary>
    public Described? Body { get; set; }

    public object? MessageId
    {
        get => Property(MessageIdField);
        set => SetProperty(MessageIdField, value);
    }

    public object? CorrelationId
    {
        get => Property(CorrelationIdField);
        set => SetProperty(CorrelationIdField, value);
    }

    public object? ContentType
    {
        get => Property(ContentTypeField);
        set => SetProperty(ContentTypeField, value);
    }

    public string? ReplyTo => Property(ReplyToField) as string;

    public static AmqpMessage Decode(ReadOnlySpan<byte> bytes)
    {
        var message = new AmqpMessage();
        var reader = new AmqpReader(bytes);
        while (!reader.AtEnd)
        {
            message.Add(reader.Read() as Described
                ?? throw new AmqpException(Conditions.DecodeError, "A message consists of sections."));
        }

        return message;
    }

    public byte[] Encode()
    {
        var writer = new AmqpWriter();
        WriteMap(writer, Codes.DeliveryAnnotations, DeliveryAnnotations);
        WriteMap(writer, Codes.MessageAnnotations, Annotations);
        if (_properties.Count > 0)
        {
            writer.Write(new Described(Codes.Properties, _properties));
        }

        WriteMap(writer, Codes.ApplicationProperties, ApplicationProperties);
        foreach (ReadOnlyMemory<byte> part in Data)
        {
            writer.Write(new Described(Codes.Data, part));
        }

        if (Body is not null)
        {
            writer.Write(Body);
        }

        return writer.Written.ToArray();
    }

    /// <summary>An application property that is text.</summary>
    public string? Text(string name) => ApplicationProperties.GetValueOrDefault(name) as string;

    private static void WriteMap(AmqpWriter writer, ulong code, Dictionary<object, object?> map)
    {
        if (map.Count > 0)
        {
            writer.Write(new Described(code, map));
        }
    }

    private void Add(Described section)
    {
        switch (section.Code)
        {
            case Codes.DeliveryAnnotations: DeliveryAnnotations = Map(section); break;
            case Codes.MessageAnnotations: Annotations = Map(section); break;
            case Codes.Properties: _properties = section.Fields; break;
            case Codes.ApplicationProperties: ApplicationProperties = Map(section); break;
            case Codes.Data: Data.Add(section.Value as byte[] ?? []); break;
            case Codes.Value or Codes.Sequence: Body = section; break;
        }
    }

    private static Dictionary<object, object?> Map(Described section) =>
        section.Value as Dictionary<object, object?> ?? [];

    private object? Property(int field) => field < _properties.Count ? _properties[field] : null;

    private void SetProperty(int field, object? value)
    {
        while (_properties.Count <= field)
        {
            _properties.Add(null);
        }

        _properties[field] = value;
    }
}
