namespace FinVault.Platform;

// Problems of the audit trail and of personal data.
public static partial class Problems
{
    public static readonly ProblemDefinition UnknownAuditEntity =
        new("unknown_audit_entity", 404, "Nothing is recorded about this");

    public static readonly ProblemDefinition UnknownAuditVersion =
        new("unknown_audit_version", 404, "There is no such version");

    public static readonly ProblemDefinition RollbackNotAllowed =
        new("rollback_not_allowed", 409, "This cannot be rolled back");

    public static readonly ProblemDefinition ErasureNotPossible =
        new("erasure_not_possible", 409, "The account cannot be erased now");

    public static readonly ProblemDefinition UnknownErasure = new("unknown_erasure", 404, "No erasure was asked for");
}
