using System.Text.Json;
using Azure.Messaging.EventHubs;

namespace FinVault.Local.Hosting;

/// <summary>
/// Turns events into what a function's parameter asks for: EventData, string, byte[], BinaryData or a JSON type, one or as
/// an array or list.
/// </summary>
internal sealed class EventParameter
{
    private readonly Func<EventData, object?> _element;
    private readonly Type? _elementType;
    private readonly bool _list;

    private EventParameter(Func<EventData, object?> element, Type? elementType, bool list) =>
        (_element, _elementType, _list) = (element, elementType, list);

    /// <exception cref="BindingException">A batch into a parameter that is no array or list.</exception>
    public static EventParameter For(Type type, bool batched)
    {
        if (!batched)
        {
            return new EventParameter(Converter(type), null, false);
        }

        // byte[] is one event's body, not a batch.
        Type? element = type == typeof(byte[]) ? null
            : type.IsArray ? type.GetElementType()
            : type.IsGenericType && type.IsAssignableFrom(typeof(List<>).MakeGenericType(type.GetGenericArguments()[0]))
                ? type.GetGenericArguments()[0] : null;
        return element is null
            ? throw new BindingException(
                $"takes events in batches but its parameter {type.Name} is no array or list; set IsBatched = false for one event.")
            : new EventParameter(Converter(element), element, !type.IsArray);
    }

    public object? Bind(EventData[] events)
    {
        if (_elementType is null)
        {
            return _element(events[0]);
        }

        if (_elementType == typeof(EventData) && !_list)
        {
            return events;
        }

        var array = Array.CreateInstance(_elementType, events.Length);
        for (int i = 0; i < events.Length; i++)
        {
            array.SetValue(_element(events[i]), i);
        }

        return _list ? Activator.CreateInstance(typeof(List<>).MakeGenericType(_elementType), array) : array;
    }

    private static Func<EventData, object?> Converter(Type type)
    {
        if (type == typeof(EventData))
        {
            return static data => data;
        }

        if (type == typeof(string))
        {
            return static data => data.EventBody.ToString();
        }

        if (type == typeof(byte[]))
        {
            return static data => data.Body.ToArray();
        }

        if (type == typeof(ReadOnlyMemory<byte>))
        {
            return static data => data.Body;
        }

        if (type == typeof(BinaryData))
        {
            return static data => data.EventBody;
        }

        return data => JsonSerializer.Deserialize(data.Body.Span, type, WorkerJson.Options);
    }
}
