namespace FinVault.Identity;

/// <summary>
/// Hashes and checks passwords, a few at a time: a flood of sign-ins waits here and leaves the processors to others.
/// </summary>
public sealed class Passwords : IDisposable
{
    // What there is to check where there is no account, so that it takes as long as where there is one.
    private static readonly Lazy<string> Nobody = new(() => PasswordHash.Make(Guard.Random()));

    private readonly SemaphoreSlim _atOnce = new(Math.Max(1, Environment.ProcessorCount / 2));

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => PasswordHash.Make(password), cancellationToken);

    /// <summary>Compares with what is stored; null, for nobody, takes as long and is never right.</summary>
    public async Task<PasswordMatch> CheckAsync(string? stored, string password, CancellationToken cancellationToken)
    {
        PasswordMatch match = await RunAsync(() => PasswordHash.Check(stored ?? Nobody.Value, password), cancellationToken);
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
