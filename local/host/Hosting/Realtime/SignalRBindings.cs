using System.Reflection;
using System.Text.RegularExpressions;
using FinVault.Local.SignalR;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FinVault.Local.Hosting;

/// <summary><c>[SignalRConnectionInfoInput]</c>: where a client connects and its access token.</summary>
public sealed partial class SignalRConnectionInfoKind(SettingText settings) : IInputKind
{
    public Type AttributeType => typeof(SignalRConnectionInfoInputAttribute);

    public string BindingType => "signalRConnectionInfo";

    public ParameterBinder Bind(FunctionModel function, ParameterInfo parameter, InputBindingAttribute attribute)
    {
        var input = (SignalRConnectionInfoInputAttribute)attribute;
        if (string.IsNullOrEmpty(input.HubName))
        {
            throw new BindingException("has [SignalRConnectionInfoInput] without a HubName.");
        }

        if (input.IdToken is not null || input.ClaimTypeList is { Length: > 0 })
        {
            throw new BindingException("asks [SignalRConnectionInfoInput] for claims of an id token, which the local host does not read.");
        }

        if (parameter.ParameterType != typeof(SignalRConnectionInfo))
        {
            throw new BindingException($"takes its SignalR connection as {parameter.ParameterType.Name}, not SignalRConnectionInfo.");
        }

        string hub = settings.Resolve(input.HubName);
        string? user = input.UserId is null ? null : settings.Resolve(input.UserId);
        return context => new ValueTask<object?>(Negotiate(context, hub, user));
    }

    private static SignalRConnectionInfo Negotiate(LocalFunctionContext context, string hub, string? user)
    {
        HttpRequest request = context.Input.Http?.Request
            ?? throw new InvalidOperationException("[SignalRConnectionInfoInput] needs an HTTP trigger.");
        var signalR = context.InstanceServices.GetRequiredService<EmbeddedSignalR>();
        string? userId = user is null ? null : Expression().Replace(user, match => Value(match.Groups[1].Value, request));
        return signalR.Negotiate(hub, string.IsNullOrEmpty(userId) ? null : userId, new Uri($"{request.Scheme}://{request.Host}"));
    }

    // Binding expressions over an HTTP trigger: {headers.NAME}, {query.NAME} and route values.
    private static string Value(string name, HttpRequest request) => name.Split('.', 2) switch
    {
        ["headers", var header] => request.Headers[header].ToString(),
        ["query", var key] => request.Query[key].ToString(),
        _ => request.RouteValues.GetValueOrDefault(name)?.ToString() ?? "",
    };

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Expression();
}

/// <summary><c>[SignalROutput]</c>: one message or many to a user, a group, a connection or everyone.</summary>
public sealed class SignalROutputKind(SettingText settings) : IOutputKind
{
    public Type AttributeType => typeof(SignalROutputAttribute);

    public string BindingType => "signalR";

    public void Check(OutputBindingAttribute attribute, Type valueType)
    {
        if (string.IsNullOrEmpty(((SignalROutputAttribute)attribute).HubName))
        {
            throw new BindingException("has [SignalROutput] without a HubName.");
        }

        settings.Resolve(((SignalROutputAttribute)attribute).HubName!);
        if (valueType != typeof(SignalRMessageAction) && !typeof(IEnumerable<SignalRMessageAction>).IsAssignableFrom(valueType))
        {
            throw new BindingException(
                $"sends {valueType.Name} to SignalR; it must be SignalRMessageAction or several of them.");
        }
    }

    public async ValueTask WriteAsync(OutputBindingAttribute attribute, object value, LocalFunctionContext context)
    {
        var signalR = context.InstanceServices.GetRequiredService<EmbeddedSignalR>();
        string hub = settings.Resolve(((SignalROutputAttribute)attribute).HubName!);
        IEnumerable<SignalRMessageAction> actions =
            value as IEnumerable<SignalRMessageAction> ?? [(SignalRMessageAction)value];
        // In one call, so that a client's messages of one invocation can share a frame.
        await signalR.SendAsync(hub, [.. actions.Where(action => action is not null)], context.Cancellation);
    }
}
