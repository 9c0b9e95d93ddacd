using System.Globalization;
using FinVault.Local.Cosmos;
using FinVault.Local.EventHubs;
using FinVault.Local.SignalR;
using FinVault.Platform;

namespace FinVault.Local.Hosting;

/// <summary>The embedded services and the folder that they keep their state in.</summary>
public sealed class LocalResources : IAsyncDisposable
{
    private const int DefaultPartitions = 4;

    private readonly DataFolder _folder;

    private LocalResources(DataFolder folder, EmbeddedEventHub hub, EmbeddedCosmos cosmos, EmbeddedSignalR signalR) =>
        (_folder, Hub, Cosmos, SignalR) = (folder, hub, cosmos, signalR);

    public EmbeddedEventHub Hub { get; }

    public EmbeddedCosmos Cosmos { get; }

    public EmbeddedSignalR SignalR { get; }

    /// <summary>The state folder; null when nothing is kept.</summary>
    public string? Folder => _folder.Path;

    /// <summary>A path in the state folder; null when nothing is kept.</summary>
    public string? PathOf(string name) => _folder.Combine(name);

    public static LocalResources Open(LocalHostOptions options, string hubName)
    {
        DataFolder folder = DataFolder.Open(options);
        EmbeddedCosmos? cosmos = null;
        try
        {
            cosmos = EmbeddedCosmos.Open(folder.Combine("cosmos.db"), options.Time, flushed: true);
            EmbeddedEventHub hub = EmbeddedEventHub.Open(
                folder.Combine(Path.Combine("eventhubs", hubName)), hubName, Partitions(options, folder), options.Time);
            // A foreign host signs with the key that its connection string tells.
            EmbeddedSignalR signalR = options.Services
                ? new(AccessKey.WellKnown, options.Time, Json.Options)
                : new(folder.Path, options.Time, Json.Options);
            return new LocalResources(folder, hub, cosmos, signalR);
        }
        catch
        {
            cosmos?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Cosmos.Dispose();
        _folder.Dispose();
    }

    // A key's partition depends on the count, so a folder keeps the count that it was made with.
    private static int Partitions(LocalHostOptions options, DataFolder folder)
    {
        if (folder.Combine("partitions") is not { } file)
        {
            return options.Partitions ?? DefaultPartitions;
        }

        if (!File.Exists(file))
        {
            int count = options.Partitions ?? DefaultPartitions;
            File.WriteAllText(file, count.ToString(CultureInfo.InvariantCulture));
            return count;
        }

        int kept = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        return options.Partitions is null || options.Partitions == kept
            ? kept
            : throw new StartupException(
                $"{folder.Path} was made with {kept} partitions; give --partitions {kept}, leave it out, or use another --data folder.");
    }
}
