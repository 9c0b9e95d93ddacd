using System.Globalization;
using System.IO.Compression;

namespace FinVault.Local.Feed;

/// <summary>
/// Reads recorded ticks, <c>symbol,seq,timestamp,ltp,volume</c> with a heading, gzipped or not. Rows come in file order;
/// <c>seq</c> is theirs already and is not used. Timestamps are naive Indian time, <c>yyyy-MM-dd HH:mm:ss</c>.
/// </summary>
internal static class TickFile
{
    private const string Heading = "symbol,seq,timestamp,ltp,volume";
    private const int LongestLine = 1_000;

    // India has kept one offset without daylight saving time since 1945.
    private static readonly TimeSpan IndianOffset = new(5, 30, 0);

    private static readonly string[] TimeFormats = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF"];

    /// <exception cref="TickFileException">A row that is none, with its line number.</exception>
    public static IEnumerable<RecordedTick> Read(string file)
    {
        using StreamReader reader = Open(file);
        var symbols = new Dictionary<string, string>(StringComparer.Ordinal);
        var symbolLookup = symbols.GetAlternateLookup<ReadOnlySpan<char>>();
        (string Text, DateTime Time) last = ("", default);
        for (long line = 1; ReadLine(reader, file, line) is { } text; line++)
        {
            if (line == 1)
            {
                if (text.Trim() != Heading)
                {
                    throw new TickFileException(file, line, $"the heading must be {Heading}, not '{Shown(text)}'.");
                }

                continue;
            }

            if (text.Length > 0)
            {
                yield return Parse(text, file, line, symbolLookup, ref last);
            }
        }
    }

    private static RecordedTick Parse(
        string text,
        string file,
        long line,
        Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> symbols,
        ref (string Text, DateTime Time) last)
    {
        Span<Range> columns = stackalloc Range[6];
        ReadOnlySpan<char> row = text;
        if (row.Split(columns, ',') != 5)
        {
            throw new TickFileException(file, line, $"a row has the five columns {Heading}, not '{Shown(text)}'.");
        }

        ReadOnlySpan<char> symbol = row[columns[0]];
        if (symbol.IsEmpty)
        {
            throw new TickFileException(file, line, "the symbol is empty.");
        }

        if (!symbols.TryGetValue(symbol, out string? name))
        {
            symbols[symbol] = name = symbol.ToString();
        }

        ReadOnlySpan<char> stamp = row[columns[2]];
        if (!stamp.SequenceEqual(last.Text))
        {
            last = (stamp.ToString(), Time(stamp, file, line));
        }

        return new RecordedTick(
            name, last.Time, Number(row[columns[3]], "ltp", file, line), Number(row[columns[4]], "volume", file, line), line);
    }

    private static DateTime Time(ReadOnlySpan<char> text, string file, long line) =>
        DateTime.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time)
            ? DateTime.SpecifyKind(time - IndianOffset, DateTimeKind.Utc)
            : throw new TickFileException(file, line, $"the timestamp '{Shown(text)}' is not yyyy-MM-dd HH:mm:ss.");

    // It becomes a JSON number as it stands, so it must be written like one.
    private static string Number(ReadOnlySpan<char> text, string column, string file, long line)
    {
        ReadOnlySpan<char> digits = text is ['-', ..] ? text[1..] : text;
        int point = digits.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? digits : digits[..point];
        bool good = IsDigits(whole) && (whole.Length == 1 || whole[0] != '0')
            && (point < 0 || IsDigits(digits[(point + 1)..]));
        return good
            ? text.ToString()
            : throw new TickFileException(file, line, $"the {column} '{Shown(text)}' is not a plain number.");
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private static StreamReader Open(string file)
    {
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        Span<byte> magic = stackalloc byte[2];
        int read = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        stream.Position = 0;
        bool zipped = read == 2 && magic is [0x1f, 0x8b];
        return new StreamReader(zipped ? new GZipStream(stream, CompressionMode.Decompress) : stream);
    }

    private static string? ReadLine(StreamReader reader, string file, long line)
    {
        try
        {
            string? text = reader.ReadLine();
            return text is not { Length: > LongestLine }
                ? text
                : throw new TickFileException(file, line, "the line is far too long for a row.");
        }
        catch (InvalidDataException broken)
        {
            throw new TickFileException(file, line, $"the file is no intact gzip: {broken.Message}");
        }
    }

    private static string Shown(ReadOnlySpan<char> text) => text.Length <= 80 ? text.ToString() : $"{text[..80]}…";
}
