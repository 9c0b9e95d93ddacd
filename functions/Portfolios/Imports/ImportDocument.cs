using System.Text.Json;
using FinVault.Audit;

namespace FinVault.Portfolios;

/// <summary>Where an import stands.</summary>
public enum ImportState
{
    /// <summary>Its rows are being written; none counts.</summary>
    Staging,

    /// <summary>All of its rows count.</summary>
    Completed,

    /// <summary>It was given up while it was being written; none of its rows ever counted.</summary>
    Abandoned,

    /// <summary>It was taken back: each row has a reversal.</summary>
    Undone,
}

/// <summary>An import, in its account's partition.</summary>
/// <param name="Id"><c>PIMP_&lt;ULID&gt;</c>.</param>
/// <param name="Account">The partition.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Name">The file's, as the owner calls it.</param>
/// <param name="Preset">How it was read.</param>
/// <param name="Rows">Transactions that it brought.</param>
/// <param name="Duplicates">Rows that were there already and left out.</param>
/// <param name="At">Unix milliseconds.</param>
[NotAudited("It keeps its own life, and its transactions are a journal.")]
internal sealed record ImportDocument(
    string Id, string Account, ImportState State, string? Name, string Preset, int Rows, int Duplicates, long At)
{
    public const string Prefix = "PIMP";
    public const string DocumentType = "import";

    public string Type { get; init; } = DocumentType;

    public static string In(ImportState state) => $"FROM c WHERE c.state = '{Text(state)}'";

    /// <summary>As the store keeps it.</summary>
    public static string Text(ImportState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    public ImportView View() =>
        new(Id, State, Name, Preset, Rows, Duplicates, DateTimeOffset.FromUnixTimeMilliseconds(At));
}

/// <summary>An import as its owner sees it.</summary>
/// <param name="Id"><c>PIMP_&lt;ULID&gt;</c>; also <c>import</c> of its transactions.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Name">The file's, as the owner calls it.</param>
/// <param name="Preset">How it was read.</param>
/// <param name="Transactions">How many it brought.</param>
/// <param name="Duplicates">Rows that were there already and left out.</param>
/// <param name="At">When it came.</param>
public sealed record ImportView(
    string Id, ImportState State, string? Name, string Preset, int Transactions, int Duplicates, DateTimeOffset At);
