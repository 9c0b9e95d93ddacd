namespace FinVault.Identity;

/// <summary>
/// Hashes and checks passwords, a few at a time: a flood of sign-ins waits here and leaves the processors to others.
/// </summary>
/// <param name="rounds">Of PBKDF2. Fewer than the default only where a password guards nothing: in tests.</param>
/// <param name="pepper">Null where there are no keys.</param>
public sealed class Passwords(int rounds = PasswordHash.Rounds, PasswordPepper? pepper = null) : IDisposable
{
    // What there is to check where there is no account, so that it takes as long as where there is one.
    private readonly Lazy<string> _nobody = new(() => PasswordHash.Make(Guard.Random(), rounds));

    private readonly SemaphoreSlim _atOnce = new(Math.Max(1, Environment.ProcessorCount / 2));

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => PasswordHash.Make(password, rounds, pepper), cancellationToken);

    /// <summary>Compares with what is stored; null, for nobody, takes as long and is never right.</summary>
    public async Task<PasswordMatch> CheckAsync(string? stored, string password, CancellationToken cancellationToken)
    {
        PasswordMatch match = await RunAsync(
            () => PasswordHash.Check(stored ?? _nobody.Value, password, rounds, pepper), cancellationToken);
        return stored is null ? PasswordMatch.No : match;
    }

    public void Dispose() => _atOnce.Dispose();

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _atOnce.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            _atOnce.Release();
        }
    }
}
