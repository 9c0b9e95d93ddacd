using System.Globalization;

namespace FinVault.Benchmarks.Harness;

/// <summary>The command line is not understood; the message says why.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Options as <c>--name value</c>, or <c>--name</c> alone for a switch.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = [];

    private Options()
    {
    }

    /// <param name="known">The names, those of switches with a trailing '?'.</param>
    /// <exception cref="UsageException">An unknown name, or a missing value.</exception>
    public static Options Parse(string[] args, params string[] known)
    {
        Options options = new();
        for (int at = 0; at < args.Length; at++)
        {
            string name = args[at].StartsWith("--", StringComparison.Ordinal) ? args[at][2..] : "";
            if (known.Contains(name + "?"))
            {
                options._values[name] = "";
            }
            else if (!known.Contains(name))
            {
                throw new UsageException($"'{args[at]}' is no option here.");
            }
            else
            {
                options._values[name] = ++at < args.Length ? args[at]
                    : throw new UsageException($"--{name} needs a value.");
            }
        }

        return options;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <exception cref="UsageException">Not a whole number above 0.</exception>
    public int Number(string name, int otherwise) => Text(name) is { } text ? Number(name, text) : otherwise;

    public int[] Numbers(string name, params int[] otherwise) =>
        Text(name) is { } text ? [.. text.Split(',').Select(part => Number(name, part))] : otherwise;

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new UsageException($"--{name} takes a whole number above 0, not '{text}'.");
}
