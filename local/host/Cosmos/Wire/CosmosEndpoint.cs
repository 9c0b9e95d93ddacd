namespace FinVault.Local.Cosmos;

/// <summary>
/// Takes every request, whether in process or over HTTP: finds out what it asks, applies the fault switches, has it
/// answered and enters it in the ledger.
/// </summary>
internal sealed class CosmosEndpoint(Router router, FaultSwitches faults, RequestLedger ledger, TimeProvider time)
{
    public async Task<CosmosResponse> HandleAsync(CosmosRequest request, CancellationToken cancel)
    {
        CosmosOperation operation = Router.OperationOf(request);
        string container = request.Path is ["dbs", _, "colls", var id, ..] ? id : "";
        FaultRule? fault = faults.Draw(container, operation);
        CosmosResponse? refused = fault is null ? null : Before(fault);
        if (fault is { Kind: FaultKind.Latency })
        {
            await Task.Delay(fault.Delay, time, cancel);
        }
        CosmosResponse answer = refused ?? await AnswerAsync(request, operation, cancel);
        ledger.Record(container, operation, answer.Status, answer.Charge);
        return fault is null ? answer : After(fault, answer);
    }

    private async Task<CosmosResponse> AnswerAsync(
        CosmosRequest request, CosmosOperation operation, CancellationToken cancel)
    {
        try
        {
            cancel.ThrowIfCancellationRequested();
            return await router.RouteAsync(request, operation);
        }
        catch (RefusedException refused)
        {
            return CosmosResponse.From(refused.Refusal);
        }
        catch (SqliteFailure failure)
        {
            return CosmosResponse.Error(500, 0, failure.Message);
        }
    }

    private static CosmosResponse? Before(FaultRule fault) => fault.Kind switch
    {
        // 3200: the container's own limit, the usual reason in the service.
        FaultKind.TooManyRequests => CosmosResponse.Error(429, 3200, "The request rate is too large.") with
        {
            RetryAfterMilliseconds = (int)fault.RetryAfter.TotalMilliseconds,
        },
        FaultKind.Unavailable => CosmosResponse.Error(503, 0, "Service is currently unavailable."),
        FaultKind.PreconditionFailed => CosmosResponse.From(Refusal.PreconditionFailed),
        _ => null,
    };

    private static CosmosResponse After(FaultRule fault, CosmosResponse answer) => fault.Kind switch
    {
        FaultKind.DoneButUnavailable => CosmosResponse.Error(503, 0, "Service is currently unavailable."),
        FaultKind.DoneButTimedOut => CosmosResponse.Error(408, 0, "The request timed out."),
        _ => answer,
    };
}
