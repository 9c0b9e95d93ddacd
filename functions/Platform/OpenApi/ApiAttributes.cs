namespace FinVault.Platform.OpenApi;

/// <summary>
/// What an HTTP function does, for the API's document. Everything else about it is read from its trigger.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ApiAttribute(string summary) : Attribute
{
    public string Summary { get; } = summary;

    /// <summary>Rules and limits that a caller must know; CommonMark.</summary>
    public string? Description { get; init; }
}

/// <summary>A parameter, in the path if the route names it, else in the query.</summary>
/// <param name="name">As it is sent.</param>
/// <param name="type">A simple type, or an array of one: then sent as one value, separated by commas.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ParameterAttribute(string name, Type type, string description) : Attribute
{
    public string Name { get; } = name;

    public Type Type { get; } = type;

    public string Description { get; } = description;

    /// <summary>Path parameters always are.</summary>
    public bool Required { get; init; }

    public object? Default { get; init; }

    public object? Minimum { get; init; }

    public object? Maximum { get; init; }

    /// <summary>How many values an array may have; 0 is no limit.</summary>
    public int MaxItems { get; init; }

    /// <summary>The only values there are; empty is any.</summary>
    public string[] Values { get; init; } = [];
}

/// <summary>A list that takes <c>limit</c>, <c>cursor</c> and, unless told otherwise, <c>offset</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PagedAttribute(int defaultLimit, int maxLimit) : Attribute
{
    public int DefaultLimit { get; } = defaultLimit;

    public int MaxLimit { get; } = maxLimit;

    public bool Offset { get; init; } = true;
}

/// <summary>The body that is taken, in any of the content types (JSON if none is named).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BodyAttribute(Type type, params string[] contentTypes) : Attribute
{
    public Type Type { get; } = type;

    public string[] ContentTypes { get; } = contentTypes;

    public string? Description { get; init; }
}

/// <summary>An answer other than a problem; without a type it has no body.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class AnswersAttribute(int status, Type? type, string description) : Attribute
{
    public int Status { get; } = status;

    public Type? Type { get; } = type;

    public string Description { get; } = description;
}

/// <summary>The problems it may answer with, by the names of their members in <see cref="Problems"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FailsAttribute(params string[] problems) : Attribute
{
    public string[] Problems { get; } = problems;
}
