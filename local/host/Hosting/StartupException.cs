namespace FinVault.Local.Hosting;

/// <summary>The host cannot start. <see cref="Problems"/> are sentences for the person who can mend them.</summary>
public sealed class StartupException(IReadOnlyList<string> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public StartupException(string problem)
        : this([problem])
    {
    }

    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>One thing that is wrong with a function's declaration; the catalog adds the function's name.</summary>
public sealed class BindingException(string message) : Exception(message);
