namespace FinVault.Tests.Escrow.Payments;

/// <summary>A data folder of one test.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Name { get; } = Directory.CreateTempSubdirectory("finvault-payments-").FullName;

    public void Dispose() => Directory.Delete(Name, recursive: true);
}
