using System.ComponentModel;

namespace FinVault.Portfolios;

/// <summary>What happens to rows that the account has already.</summary>
public enum DuplicateHandling
{
    /// <summary>They are left out.</summary>
    Skip,

    /// <summary>They are recorded once more.</summary>
    Keep,

    /// <summary>The file is refused.</summary>
    Refuse,
}

/// <summary>A broker's file.</summary>
public sealed record ImportRequest([property: Description("The file's text: CSV or JSON, 5,000 rows at most.")] string Content)
{
    [Description("One of GET /portfolios/import-presets; without it, whichever fits the file's columns.")]
    public string? Preset { get; init; }

    [Description("Names of columns, over those of the preset.")]
    public ColumnMapping? Mapping { get; init; }

    [Description("ISO 4217 where the file names none; the account's without it.")]
    public string? Currency { get; init; }

    public DuplicateHandling Duplicates { get; init; }

    [Description("What you call it, up to 100 characters.")]
    public string? Name { get; init; }
}

/// <summary>Which column of a file has what; null for none, or as the preset has it.</summary>
public sealed record ColumnMapping
{
    public string? Date { get; init; }

    public string? Symbol { get; init; }

    [Description("Of buy, sell, dividend, fee and the like.")]
    public string? Kind { get; init; }

    public string? Quantity { get; init; }

    public string? Price { get; init; }

    [Description("Money of the row, where there is no price.")]
    public string? Amount { get; init; }

    public string? Fees { get; init; }

    public string? Currency { get; init; }

    public string? Exchange { get; init; }

    [Description("The broker's own id of the trade.")]
    public string? Id { get; init; }

    public string? Note { get; init; }

    [Description("Of the date, e.g. dd/MM/yyyy or MM/dd/yyyy; without it the usual ones, day before month.")]
    public string? DateFormat { get; init; }

    /// <summary>These names where they are given, else the other's.</summary>
    internal ColumnMapping Or(ColumnMapping other) => new()
    {
        Date = Date ?? other.Date,
        Symbol = Symbol ?? other.Symbol,
        Kind = Kind ?? other.Kind,
        Quantity = Quantity ?? other.Quantity,
        Price = Price ?? other.Price,
        Amount = Amount ?? other.Amount,
        Fees = Fees ?? other.Fees,
        Currency = Currency ?? other.Currency,
        Exchange = Exchange ?? other.Exchange,
        Id = Id ?? other.Id,
        Note = Note ?? other.Note,
        DateFormat = DateFormat ?? other.DateFormat,
    };
}

/// <summary>A way to read a broker's file.</summary>
/// <param name="Name">To ask for it by.</param>
/// <param name="Title">For people.</param>
/// <param name="Columns">Its columns; null for JSON.</param>
public sealed record ImportPresetView(string Name, string Title, ColumnMapping? Columns);

/// <summary>What becomes of a row.</summary>
public enum ImportRowState
{
    /// <summary>It is recorded.</summary>
    Ready,

    /// <summary>The account has it already.</summary>
    Duplicate,

    /// <summary>It is wrong, and with it the file is refused.</summary>
    Error,
}

/// <summary>A row of a file.</summary>
/// <param name="Row">As a spreadsheet counts, the header is 1; in JSON the activity's number, from 1.</param>
/// <param name="State">What becomes of it.</param>
/// <param name="Code">What is wrong; stable. Null where nothing is.</param>
/// <param name="Detail">The same for people.</param>
/// <param name="Transaction">As it was read; null where it could not be.</param>
public sealed record ImportRowView(
    int Row, ImportRowState State, string? Code, string? Detail, TransactionRequest? Transaction);

/// <summary>What a file would bring; nothing is recorded.</summary>
/// <param name="Preset">How it was read.</param>
/// <param name="Ready">Rows that would be recorded.</param>
/// <param name="Duplicates">Rows that the account has already.</param>
/// <param name="Errors">Rows that are wrong: with one, the file is refused.</param>
/// <param name="Rows">All of them.</param>
public sealed record ImportPreview(
    string Preset, int Ready, int Duplicates, int Errors, IReadOnlyList<ImportRowView> Rows);

/// <summary>A row that is wrong, in a refusal.</summary>
public sealed record ImportRowError(int Row, string Code, string Detail);
