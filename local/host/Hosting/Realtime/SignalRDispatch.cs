using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.Hosting;

/// <summary>
/// Brings what clients do to the SignalR functions. Without an output binding, what a <c>messages</c> function returns goes
/// back to the invoking client (SignalRService extension 1.15, worker pull request 2771).
/// </summary>
public sealed class SignalRDispatch(
    IReadOnlyList<FunctionModel> functions, FunctionRunner runner, DrainGate gate, ILogger<SignalRDispatch> logger)
{
    private readonly Dictionary<(string Hub, SignalRInvocationCategory Category, string Event), FunctionModel> _handlers =
        functions.Where(function => function.Plan is SignalRTriggerKind.Handler)
            .ToDictionary(function => (SignalRTriggerKind.Handler)function.Plan! is var h
                ? (Upper(h.Hub), h.Category, Upper(h.Event)) : default);

    /// <exception cref="HubException">What the client is told.</exception>
    public async Task<object?> InvokeAsync(SignalRInvocationContext invocation, CancellationToken cancellation)
    {
        bool message = invocation.Category == SignalRInvocationCategory.Messages;
        if (!_handlers.TryGetValue(
            (Upper(invocation.Hub), invocation.Category, Upper(invocation.Event)), out FunctionModel? function))
        {
            return message
                ? throw new HubException($"No function handles '{invocation.Event}' of hub '{invocation.Hub}'.")
                : null;
        }

        using DrainGate.Pass pass = gate.TryEnter() ?? throw new HubException("The host is stopping.");
        if (message)
        {
            CheckCount(invocation, (SignalRTriggerKind.Handler)function.Plan!);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, gate.Aborted);
        return await RunAsync(function, invocation, message, either.Token);
    }

    private async Task<object?> RunAsync(
        FunctionModel function, SignalRInvocationContext invocation, bool message, CancellationToken cancellation)
    {
        try
        {
            object? returned = await runner.InvokeAsync(
                function, new TriggerInput(invocation, BindingData(invocation)), cancellation);
            return message && function.Outputs.ReturnIsFree ? returned : null;
        }
        catch (HubException)
        {
            throw;
        }
        catch (ClientArgumentException wrong)
        {
            throw new HubException(wrong.Message, wrong);
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "{Function} failed for connection {Connection}", function.Name, invocation.ConnectionId);
            throw new HubException($"{invocation.Event} failed.", failure);
        }
    }

    private static void CheckCount(SignalRInvocationContext invocation, SignalRTriggerKind.Handler handler)
    {
        int given = invocation.Arguments?.Length ?? 0;
        if (handler.ParameterNames.Count > 0 && given != handler.ParameterNames.Count)
        {
            throw new HubException(
                $"{invocation.Event} takes {handler.ParameterNames.Count} arguments "
                + $"({string.Join(", ", handler.ParameterNames)}) and got {given}.");
        }
    }

    private static Dictionary<string, object?> BindingData(SignalRInvocationContext invocation) =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["Hub"] = invocation.Hub,
            ["Category"] = invocation.Category.ToString(),
            ["Event"] = invocation.Event,
            ["ConnectionId"] = invocation.ConnectionId,
            ["UserId"] = invocation.UserId,
        };

    private static string Upper(string text) => text.ToUpperInvariant();
}
