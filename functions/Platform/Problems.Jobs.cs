namespace FinVault.Platform;

// Problems of jobs.
public static partial class Problems
{
    public static readonly ProblemDefinition UnknownJob = new("unknown_job", 404, "There is no such job");
    public static readonly ProblemDefinition JobNotFailed = new("job_not_failed", 409, "The job has not failed");
    public static readonly ProblemDefinition JobResultTooLarge =
        new("job_result_too_large", 422, "The job's result is too large");
}
