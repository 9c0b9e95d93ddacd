using System.Text.RegularExpressions;

namespace FinVault.Local.Hosting;

/// <summary>Fills in <c>%Setting%</c> in trigger attributes, as the host's name resolver does.</summary>
public sealed partial class SettingText(IConfiguration configuration)
{
    /// <exception cref="BindingException">A setting is missing or empty.</exception>
    public string Resolve(string text) => Reference().Replace(text, match =>
    {
        string name = match.Groups[1].Value;
        string? value = configuration[name.Replace("__", ":", StringComparison.Ordinal)];
        return string.IsNullOrEmpty(value)
            ? throw new BindingException($"uses the app setting %{name}%, which is not set.")
            : value;
    });

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Reference();
}
