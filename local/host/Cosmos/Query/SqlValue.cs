using System.Text;
using System.Text.Json;

namespace FinVault.Local.Cosmos;

/// <summary>The types of Cosmos DB SQL, in the order in which ORDER BY sorts values of different types.</summary>
internal enum SqlType
{
    Undefined,
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}

/// <summary>
/// A value while a query runs. A missing property is <see cref="Undefined"/>, which is not null: it makes every
/// comparison undefined, and an undefined condition does not hold.
/// </summary>
internal readonly struct SqlValue
{
    private readonly double number;
    private readonly string? text;
    private readonly JsonElement json;

    private SqlValue(SqlType type, double number = 0, string? text = null, JsonElement json = default)
    {
        Type = type;
        this.number = number;
        this.text = text;
        this.json = json;
    }

    public static readonly SqlValue Undefined;
    public static readonly SqlValue Null = new(SqlType.Null);
    public static readonly SqlValue True = new(SqlType.Boolean, 1);
    public static readonly SqlValue False = new(SqlType.Boolean);

    public SqlType Type { get; }

    public double Number => number;

    public string Text => text ?? json.GetString()!;

    /// <summary>For arrays and objects.</summary>
    public JsonElement Json => json;

    public bool IsTrue => Type == SqlType.Boolean && number != 0;

    public bool IsFalse => Type == SqlType.Boolean && number == 0;

    public bool IsDefined => Type != SqlType.Undefined;

    public static SqlValue Of(bool value) => value ? True : False;

    public static SqlValue Of(double value) => new(SqlType.Number, value);

    public static SqlValue Of(string value) => new(SqlType.Text, text: value);

    /// <summary>A value inside a parsed document; valid as long as that document.</summary>
    public static SqlValue Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => Null,
        JsonValueKind.True => True,
        JsonValueKind.False => False,
        JsonValueKind.Number => new SqlValue(SqlType.Number, element.GetDouble(), json: element),
        JsonValueKind.String => new SqlValue(SqlType.Text, json: element),
        JsonValueKind.Array => new SqlValue(SqlType.Array, json: element),
        JsonValueKind.Object => new SqlValue(SqlType.Object, json: element),
        _ => Undefined,
    };

    public SqlValue Member(string name) =>
        Type == SqlType.Object && json.TryGetProperty(name, out JsonElement member) ? Of(member) : Undefined;

    public SqlValue Element(double index) =>
        Type == SqlType.Array && index >= 0 && index < json.GetArrayLength() && Math.Floor(index) == index
            ? Of(json[(int)index])
            : Undefined;

    /// <summary>The same value, no longer tied to the document it was read from.</summary>
    public SqlValue Detach() => Type switch
    {
        SqlType.Text => Of(Text),
        SqlType.Array or SqlType.Object => new SqlValue(Type, json: json.Clone()),
        SqlType.Number when json.ValueKind == JsonValueKind.Number => new SqlValue(Type, number, json: json.Clone()),
        _ => this,
    };

    public void Write(Utf8JsonWriter writer)
    {
        if (json.ValueKind != JsonValueKind.Undefined)
        {
            // Numbers too: a number that was only passed on keeps its digits.
            json.WriteTo(writer);
            return;
        }
        switch (Type)
        {
            case SqlType.Boolean:
                writer.WriteBooleanValue(IsTrue);
                break;
            case SqlType.Number when number == Math.Floor(number) && Math.Abs(number) < 1e15:
                writer.WriteNumberValue((long)number);
                break;
            case SqlType.Number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case SqlType.Text:
                writer.WriteStringValue(text);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    /// <summary>As the service's <c>=</c>: undefined if either side is, false across types, deep for objects.</summary>
    public static SqlValue AreEqual(in SqlValue a, in SqlValue b) =>
        a.IsDefined && b.IsDefined ? Of(Same(a, b)) : Undefined;

    public static bool Same(in SqlValue a, in SqlValue b) => a.Type == b.Type && a.Type switch
    {
        SqlType.Boolean or SqlType.Number => a.number.Equals(b.number),
        SqlType.Text => a.Text == b.Text,
        SqlType.Array or SqlType.Object => JsonElement.DeepEquals(a.json, b.json),
        _ => true,
    };

    /// <summary>ORDER BY's total order: by type first (<see cref="SqlType"/>), then by value.</summary>
    public static int Order(in SqlValue a, in SqlValue b)
    {
        if (a.Type != b.Type)
        {
            return a.Type.CompareTo(b.Type);
        }
        return a.Type switch
        {
            SqlType.Boolean or SqlType.Number => a.number.CompareTo(b.number),
            SqlType.Text => string.CompareOrdinal(a.Text, b.Text),
            SqlType.Array or SqlType.Object => string.CompareOrdinal(a.json.GetRawText(), b.json.GetRawText()),
            _ => 0,
        };
    }

    /// <summary>A text that equal values share, for DISTINCT and GROUP BY.</summary>
    public string Key()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer);
        }
        return $"{(int)Type}{Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length)}";
    }
}
