using System.Globalization;
using System.Text.Json;
using FinVault.Escrow;

namespace FinVault.Notifications;

/// <summary>What a text is written from: the values of a message, read kindly, since an old message may lack one.</summary>
public sealed class NoticeValues(JsonElement values, TimeZoneInfo zone)
{
    private const int MaxLength = 300;

    /// <summary>A value as text, in one line; empty where there is none.</summary>
    public string Text(string name)
    {
        if (!Find(name, out JsonElement value))
        {
            return "";
        }

        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        // A line break of somebody else's would be able to look like a text of ours.
        string line = new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length > MaxLength ? line[..MaxLength] + "…" : line;
    }

    /// <summary>An amount in minor units with its currency, e.g. <c>INR 1,250.00</c>.</summary>
    public string Money(string amount, string currency)
    {
        string code = Text(currency);
        if (!Find(amount, out JsonElement value) || !value.TryGetInt64(out long minor)
            || !Currencies.Exponents.TryGetValue(code, out int exponent))
        {
            return $"{code} {Text(amount)}";
        }

        decimal units = minor / (decimal)Math.Pow(10, exponent);
        return $"{code} {units.ToString($"N{exponent}", CultureInfo.InvariantCulture)}";
    }

    /// <summary>An instant in the user's own time; empty where there is none.</summary>
    public string Time(string name) => Find(name, out JsonElement value) && value.TryGetDateTimeOffset(out DateTimeOffset at)
        ? TimeZoneInfo.ConvertTime(at, zone).ToString("d MMMM yyyy, HH:mm (zzz)", CultureInfo.InvariantCulture)
        : "";

    /// <summary>A number; 0 where there is none.</summary>
    public long Number(string name) => Find(name, out JsonElement value) && value.TryGetInt64(out long number) ? number : 0;

    private bool Find(string name, out JsonElement value)
    {
        value = default;
        return values.ValueKind == JsonValueKind.Object && values.TryGetProperty(name, out value)
            && value.ValueKind is not JsonValueKind.Null;
    }
}

/// <summary>The texts of a family of kinds.</summary>
internal interface INoticeTexts
{
    /// <summary>Null where the kind is none of this family.</summary>
    NoticeText? Compose(string kind, NoticeValues values);
}
