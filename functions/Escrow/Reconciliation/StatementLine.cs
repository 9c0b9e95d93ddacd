using System.Text.Json;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>One movement on a provider's statement.</summary>
/// <param name="Reference">Our transfer's id or its reference, 1 to 200 characters.</param>
/// <param name="Amount">Minor units: above zero came in through the provider, below zero went out.</param>
/// <param name="Currency">ISO 4217, that of the account.</param>
/// <param name="Date">The day, UTC.</param>
public sealed record StatementLine(string Reference, long Amount, string Currency, DateOnly Date)
{
    /// <summary>The most lines that a statement has.</summary>
    public const int MaxLines = 10_000;

    private const int MaxReference = 200;

    /// <summary>The lines of a statement: JSON objects, one a line; empty lines say nothing.</summary>
    /// <exception cref="ProblemException">invalid_statement: which line, and what is wrong with it.</exception>
    internal static List<StatementLine> ReadAll(ReadOnlySpan<byte> body, string currency, StatementPeriod period)
    {
        List<StatementLine> lines = [];
        int number = 0;
        foreach (Range range in body.Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> text = body[range].Trim(" \r\t"u8);
            if (text.IsEmpty)
            {
                continue;
            }

            if (lines.Count == MaxLines)
            {
                throw Problems.InvalidStatement.With($"A statement has {MaxLines} lines at most.");
            }

            StatementLine line = Read(text, number);
            lines.Add(line.Wrong(currency, period) is { } wrong ? throw At(number, wrong) : line);
        }

        return lines;
    }

    private static StatementLine Read(ReadOnlySpan<byte> text, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<StatementLine>(text, Json.Options) ?? throw At(number, "It is null.");
        }
        catch (JsonException json)
        {
            throw At(number, Failures.Describe(json));
        }
    }

    private string? Wrong(string currency, StatementPeriod period) => this switch
    {
        { Reference.Length: 0 or > MaxReference } => $"reference has 1 to {MaxReference} characters.",
        { Amount: 0 or > TransferRequest.MaxAmount or < -TransferRequest.MaxAmount } =>
            $"amount is from 1 to {TransferRequest.MaxAmount} or the negative of that.",
        _ when Currency != currency => $"currency is not {currency}, the account's.",
        _ when Date < period.From || Date > period.To => "date is not in the statement's period.",
        _ => null,
    };

    private static ProblemException At(int number, string wrong) =>
        Problems.InvalidStatement.With($"Line {number}: {wrong}");
}

/// <summary>The days of a statement, UTC, both included.</summary>
public sealed record StatementPeriod(DateOnly From, DateOnly To)
{
    public const int MaxDays = 92;

    // What happens around midnight stands on another day there, and weekends settle later.
    private const int SlackDays = 3;

    /// <summary>Entries from then on may match a line.</summary>
    internal DateTimeOffset SearchFrom => Midnight(From.AddDays(-SlackDays));

    /// <summary>Entries before then may match a line.</summary>
    internal DateTimeOffset SearchBefore => Midnight(To.AddDays(SlackDays + 1));

    /// <exception cref="ProblemException">invalid_date, range_too_long.</exception>
    public static StatementPeriod Of(DateOnly from, DateOnly to) => (to.DayNumber - from.DayNumber) switch
    {
        < 0 => throw Problems.InvalidDate.With("to is before from."),
        >= MaxDays => throw Problems.RangeTooLong.With($"A statement is of {MaxDays} days at most."),
        // Far enough from the calendar's ends for the days around it.
        _ when from.Year < 2000 || to.Year > 9000 => throw Problems.InvalidDate.With("from is before the year 2000."),
        _ => new(from, to),
    };

    internal bool Has(DateTimeOffset at) => at >= Midnight(From) && at < Midnight(To.AddDays(1));

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
