using System.Reflection;

namespace FinVault.Platform;

/// <summary>
/// One kind of refusal: a stable code that clients test for, its HTTP status, and a title for people.
/// </summary>
/// <param name="Code">Stable, snake_case; also the last part of the problem's <c>type</c>.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">Short, the same for every occurrence (RFC 9457, section 3.1.3).</param>
public sealed record ProblemDefinition(string Code, int Status, string Title)
{
    /// <summary>The problem's type: a URN, since the meaning is stable and nothing is served under it.</summary>
    public string Type => $"urn:finvault:problem:{Code}";

    /// <summary>What to throw for one occurrence. <paramref name="detail"/> is shown to the caller.</summary>
    public ProblemException With(string detail) => new(this, detail);

    /// <summary>The same, with members of its own beside the standard ones.</summary>
    public ProblemException With(string detail, IReadOnlyDictionary<string, object?> extensions) =>
        new(this, detail, extensions);
}

/// <summary>
/// The catalogue of every problem that the API answers with. A slice keeps its own in a file beside this one.
/// </summary>
public static partial class Problems
{
    /// <summary>Every definition by the name of its member, for documentation and its tests.</summary>
    public static IReadOnlyDictionary<string, ProblemDefinition> ByName => Catalogue.ByName;

    /// <summary>The definition with a code that was stored.</summary>
    public static ProblemDefinition WithCode(string code) => ByName.Values.First(p => p.Code == code);

    // A class of its own: static fields of several files have no order, and this must see them all.
    private static class Catalogue
    {
        public static IReadOnlyDictionary<string, ProblemDefinition> ByName { get; } = typeof(Problems)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(ProblemDefinition))
            .ToDictionary(field => field.Name, field => (ProblemDefinition)field.GetValue(null)!);
    }
}

/// <summary>Thrown by a slice for input it refuses; <see cref="RequestMiddleware"/> turns it into the answer.</summary>
public sealed class ProblemException(
    ProblemDefinition problem, string detail, IReadOnlyDictionary<string, object?>? extensions = null)
    : Exception(detail)
{
    public ProblemDefinition Problem { get; } = problem;

    public string Detail { get; } = detail;

    public IReadOnlyDictionary<string, object?>? Extensions { get; } = extensions;

    /// <summary>Seconds after which a retry makes sense (the <c>Retry-After</c> header), if it does.</summary>
    public int? RetryAfterSeconds { get; init; }
}
