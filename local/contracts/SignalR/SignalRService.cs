using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Azure.Functions.Worker;

public sealed class SignalRConnectionInfo
{
    public SignalRConnectionInfo()
    {
    }

    public string Url { get; set; } = null!;

    public string AccessToken { get; set; } = null!;
}

public sealed class SignalRConnectionInfoInputAttribute : InputBindingAttribute
{
    public SignalRConnectionInfoInputAttribute()
    {
    }

    public string? ConnectionStringSetting { get; set; }

    public string? HubName { get; set; }

    public string? UserId { get; set; }

    public string? IdToken { get; set; }

    public string[]? ClaimTypeList { get; set; }
}

public sealed class SignalROutputAttribute : OutputBindingAttribute
{
    public SignalROutputAttribute()
    {
    }

    public string? HubName { get; set; }

    public string? ConnectionStringSetting { get; set; }
}

public sealed class SignalRTriggerAttribute : TriggerBindingAttribute
{
    public SignalRTriggerAttribute(string hubName, string category, string @event)
        : this(hubName, category, @event, [])
    {
    }

    public SignalRTriggerAttribute(string hubName, string category, string @event, params string[] parameterNames)
    {
        HubName = hubName;
        Category = category;
        Event = @event;
        ParameterNames = parameterNames;
    }

    public string HubName { get; }

    public string Category { get; }

    public string Event { get; }

    public string[] ParameterNames { get; }

    public string? ConnectionStringSetting { get; set; }
}

public sealed class SignalRMessageAction
{
    public SignalRMessageAction(string target) => Target = target;

    public SignalRMessageAction(string target, object[]? arguments)
    {
        Target = target;
        Arguments = arguments;
    }

    public string? ConnectionId { get; set; }

    public string? UserId { get; set; }

    public string? GroupName { get; set; }

    public string Target { get; }

    public object[]? Arguments { get; set; }
}

[JsonConverter(typeof(JsonStringEnumConverter))]
public enum SignalRInvocationCategory
{
    Connections = 0,
    Messages = 1,
}

public sealed class SignalRInvocationContext
{
    public SignalRInvocationContext()
    {
    }

    public object[]? Arguments { get; set; }

    public string? Error { get; set; }

    public SignalRInvocationCategory Category { get; set; }

    public string Event { get; set; } = null!;

    public string Hub { get; set; } = null!;

    public string ConnectionId { get; set; } = null!;

    public string UserId { get; set; } = null!;

    public IDictionary<string, StringValues> Headers { get; set; } = null!;

    public IDictionary<string, StringValues> Query { get; set; } = null!;

    public IDictionary<string, StringValues> Claims { get; set; } = null!;
}
