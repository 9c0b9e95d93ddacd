namespace FinVault.Platform;

// Problems of the operator's routes.
public static partial class Problems
{
    public static readonly ProblemDefinition UnknownOrchestration =
        new("unknown_orchestration", 404, "There is no such orchestration");

    public static readonly ProblemDefinition OrchestrationEnded =
        new("orchestration_ended", 409, "The orchestration has ended");

    public static readonly ProblemDefinition OrchestrationSuspended =
        new("orchestration_suspended", 409, "The orchestration is suspended already");

    public static readonly ProblemDefinition OrchestrationNotSuspended =
        new("orchestration_not_suspended", 409, "The orchestration is not suspended");

    public static readonly ProblemDefinition OrchestrationNotFailed =
        new("orchestration_not_failed", 409, "The orchestration has not failed");
}
