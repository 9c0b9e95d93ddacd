namespace FinVault.Platform;

/// <summary>For whom the code that runs now works: known from the invocation on, without being passed along.</summary>
/// <param name="By">A user's id, <c>anonymous</c> for a public call, <c>system</c> for what no caller began.</param>
/// <param name="Via">The function.</param>
/// <param name="At">When the invocation began.</param>
public sealed record Acting(string By, string Via, DateTimeOffset At)
{
    public const string Anonymous = "anonymous";
    public const string System = "system";

    private static readonly AsyncLocal<Acting?> Flow = new();
    private static readonly Acting Nobody = new(System, "", DateTimeOffset.UnixEpoch);

    /// <summary>Outside of an invocation it is the system.</summary>
    public static Acting Current
    {
        get => Flow.Value ?? Nobody;
        internal set => Flow.Value = value;
    }
}
