using System.Security.Cryptography;
using System.Text;
using FinVault.Platform;
using FinVault.Platform.Resilience;
using Microsoft.Extensions.Logging;
using Polly;

namespace FinVault.Identity;

/// <summary>
/// Asks a service of leaked passwords, if one is set, by the range protocol of Have I Been Pwned
/// (haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange): it learns five of forty digits of a SHA-1, which hundreds of
/// passwords share. Where it does not answer, a password is taken: nobody is kept from changing a bad one.
/// </summary>
public sealed partial class LeakedPasswords : IDisposable
{
    private const int PrefixDigits = 5;
    private const int MaxAnswerBytes = 512 * 1024;

    private readonly IdentityOptions _options;
    private readonly ILogger<LeakedPasswords> _logger;
    private readonly Dependency _guard;
    private readonly HttpClient _client;

    public LeakedPasswords(IdentityOptions options, Dependencies dependencies, ILogger<LeakedPasswords> logger)
    {
        ArgumentNullException.ThrowIfNull(dependencies);
        (_options, _logger) = (options, logger);
        _guard = dependencies.Of("leaked-passwords", new() { TotalSeconds = 3, Concurrency = 16 });
        _client = _guard.CreateClient(MaxAnswerBytes);
    }

    /// <exception cref="ProblemException">weak_password.</exception>
    public async Task RequireUnknownAsync(string password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (_options.LeakedPasswordsUrl is { Length: > 0 } url && await KnowsAsync(url, password, cancellationToken))
        {
            throw Problems.WeakPassword.With("The password has leaked from somewhere: others know it.");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<bool> KnowsAsync(string url, string password, CancellationToken cancellationToken)
    {
#pragma warning disable CA5350 // The protocol's own; nothing is kept by it.
        string hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5350
        try
        {
            Uri range = new($"{url.TrimEnd('/')}/range/{hash[..PrefixDigits]}");
            string answer = await _guard.RunAsync(token => _client.GetStringAsync(range, token), cancellationToken);
            // Lines of padding have a count of 0.
            return answer.Split('\n').Select(line => line.Trim().Split(':'))
                .Any(line => line is [var rest, not "0"] && rest.Equals(hash[PrefixDigits..], StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception failure) when (
            (Failures.IsTransient(failure) || failure is ExecutionRejectedException or HttpRequestException)
            && !cancellationToken.IsCancellationRequested)
        {
            LogNotAsked(failure);
            return false;
        }
    }

    [LoggerMessage(1510, LogLevel.Warning, "A password was taken without asking whether it has leaked")]
    private partial void LogNotAsked(Exception failure);
}
