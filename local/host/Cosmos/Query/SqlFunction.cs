using System.Collections.Frozen;
using System.Globalization;

namespace FinVault.Local.Cosmos;

/// <summary>A call of one of the system functions below.</summary>
internal sealed record FunctionCall(string Name, SystemFunction Function, IReadOnlyList<SqlExpression> Arguments)
    : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => Arguments;

    public override SqlValue Evaluate(Row row)
    {
        var values = new SqlValue[Arguments.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Arguments[i].Evaluate(row);
        }
        return Function.Compute(values);
    }
}

/// <param name="Least">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Compute">The value; undefined for arguments of a wrong type, as in the service.</param>
internal sealed record SystemFunction(int Least, int Most, Func<SqlValue[], SqlValue> Compute);

/// <summary>The system functions this endpoint knows, by name.</summary>
internal static class SystemFunctions
{
    private static readonly FrozenDictionary<string, SystemFunction> Known = new Dictionary<string, SystemFunction>
    {
        ["IS_DEFINED"] = Test(v => v.IsDefined),
        ["IS_NULL"] = Test(v => v.Type == SqlType.Null),
        ["IS_BOOL"] = Test(v => v.Type == SqlType.Boolean),
        ["IS_NUMBER"] = Test(v => v.Type == SqlType.Number),
        ["IS_STRING"] = Test(v => v.Type == SqlType.Text),
        ["IS_ARRAY"] = Test(v => v.Type == SqlType.Array),
        ["IS_OBJECT"] = Test(v => v.Type == SqlType.Object),
        ["IS_PRIMITIVE"] = Test(v => v.Type is SqlType.Null or SqlType.Boolean or SqlType.Number or SqlType.Text),
        ["CONTAINS"] = Search((s, part, how) => s.Contains(part, how)),
        ["STARTSWITH"] = Search((s, part, how) => s.StartsWith(part, how)),
        ["ENDSWITH"] = Search((s, part, how) => s.EndsWith(part, how)),
        ["STRINGEQUALS"] = Search((s, other, how) => s.Equals(other, how)),
        ["INDEX_OF"] = new(2, 2, v => Texts(v)
            ? SqlValue.Of(v[0].Text.IndexOf(v[1].Text, StringComparison.Ordinal))
            : default),
        ["LENGTH"] = OfText(s => SqlValue.Of(s.Length)),
#pragma warning disable CA1308 // LOWER is what the query asks for.
        ["LOWER"] = OfText(s => SqlValue.Of(s.ToLowerInvariant())),
#pragma warning restore CA1308
        ["UPPER"] = OfText(s => SqlValue.Of(s.ToUpperInvariant())),
        ["TRIM"] = OfText(s => SqlValue.Of(s.Trim())),
        ["LTRIM"] = OfText(s => SqlValue.Of(s.TrimStart())),
        ["RTRIM"] = OfText(s => SqlValue.Of(s.TrimEnd())),
        ["REVERSE"] = OfText(s => SqlValue.Of(string.Concat(s.Reverse()))),
        ["CONCAT"] = new(1, int.MaxValue, v => Texts(v) ? SqlValue.Of(string.Concat(v.Select(x => x.Text))) : default),
        ["REPLACE"] = new(3, 3, v => Texts(v) && v[1].Text.Length > 0
            ? SqlValue.Of(v[0].Text.Replace(v[1].Text, v[2].Text, StringComparison.Ordinal))
            : default),
        ["SUBSTRING"] = new(3, 3, v => Substring(v[0], v[1], v[2])),
        ["LEFT"] = new(2, 2, v => Substring(v[0], SqlValue.Of(0), v[1])),
        ["RIGHT"] = new(2, 2, v => v[0].Type == SqlType.Text && v[1].Type == SqlType.Number
            ? Substring(v[0], SqlValue.Of(Math.Max(0, v[0].Text.Length - v[1].Number)), v[1])
            : default),
        ["TOSTRING"] = new(1, 1, v => v[0].Type switch
        {
            SqlType.Undefined or SqlType.Text => v[0],
            _ => SqlValue.Of(v[0].Key()[1..]),
        }),
        ["STRINGTONUMBER"] = OfText(s =>
            double.TryParse(s, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? SqlValue.Of(number)
                : default),
        ["ABS"] = OfNumber(Math.Abs),
        ["FLOOR"] = OfNumber(Math.Floor),
        ["CEILING"] = OfNumber(Math.Ceiling),
        ["ROUND"] = OfNumber(x => Math.Round(x, MidpointRounding.AwayFromZero)),
        ["TRUNC"] = OfNumber(Math.Truncate),
        ["SQRT"] = OfNumber(Math.Sqrt),
        ["SIGN"] = OfNumber(x => Math.Sign(x)),
        ["POWER"] = new(2, 2, v => Numbers(v) ? SqlValue.Of(Math.Pow(v[0].Number, v[1].Number)) : default),
        ["ARRAY_LENGTH"] = new(1, 1, v => v[0].Type == SqlType.Array
            ? SqlValue.Of(v[0].Json.GetArrayLength())
            : default),
        ["ARRAY_CONTAINS"] = new(2, 3, ArrayContains),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds a function; throws <see cref="RefusedException"/> naming what is not supported.</summary>
    public static FunctionCall Call(string name, IReadOnlyList<SqlExpression> arguments)
    {
        if (!Known.TryGetValue(name, out SystemFunction? function))
        {
            throw new RefusedException($"The function '{name}' is not supported by the embedded endpoint.");
        }
        return arguments.Count >= function.Least && arguments.Count <= function.Most
            ? new FunctionCall(name.ToUpperInvariant(), function, arguments)
            : throw new RefusedException($"The function '{name}' does not take {arguments.Count} arguments.");
    }

    private static SystemFunction Test(Func<SqlValue, bool> test) => new(1, 1, v => SqlValue.Of(test(v[0])));

    private static SystemFunction OfText(Func<string, SqlValue> compute) =>
        new(1, 1, v => v[0].Type == SqlType.Text ? compute(v[0].Text) : default);

    private static SystemFunction OfNumber(Func<double, double> compute) =>
        new(1, 1, v => v[0].Type == SqlType.Number ? SqlValue.Of(compute(v[0].Number)) : default);

    /// <summary>A third argument of true ignores case.</summary>
    private static SystemFunction Search(Func<string, string, StringComparison, bool> search) => new(2, 3, v =>
        Texts(v[..2])
            ? SqlValue.Of(search(v[0].Text, v[1].Text,
                v.Length == 3 && v[2].IsTrue ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
            : default);

    private static SqlValue Substring(in SqlValue text, in SqlValue start, in SqlValue length)
    {
        if (text.Type != SqlType.Text || start.Type != SqlType.Number || length.Type != SqlType.Number)
        {
            return default;
        }
        int from = (int)Math.Clamp(start.Number, 0, text.Text.Length);
        int count = (int)Math.Clamp(length.Number, 0, text.Text.Length - from);
        return SqlValue.Of(text.Text.Substring(from, count));
    }

    private static SqlValue ArrayContains(SqlValue[] v)
    {
        if (v[0].Type != SqlType.Array || !v[1].IsDefined)
        {
            return default;
        }
        bool partial = v.Length == 3 && v[2].IsTrue;
        foreach (System.Text.Json.JsonElement element in v[0].Json.EnumerateArray())
        {
            SqlValue candidate = SqlValue.Of(element);
            if (SqlValue.Same(candidate, v[1]) || partial && Includes(candidate, v[1]))
            {
                return SqlValue.True;
            }
        }
        return SqlValue.False;
    }

    private static bool Includes(SqlValue whole, in SqlValue part) =>
        whole.Type == SqlType.Object && part.Type == SqlType.Object
        && part.Json.EnumerateObject().All(p => SqlValue.Same(whole.Member(p.Name), SqlValue.Of(p.Value)));

    private static bool Texts(SqlValue[] values) => Array.TrueForAll(values, v => v.Type == SqlType.Text);

    private static bool Numbers(SqlValue[] values) => Array.TrueForAll(values, v => v.Type == SqlType.Number);
}
