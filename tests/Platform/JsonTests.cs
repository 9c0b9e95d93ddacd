using System.Text.Json;
using FinVault.Platform;

namespace FinVault.Tests.Platform;

public sealed class JsonTests
{
    public enum Session
    {
        PreOpen,
        Open,
    }

    public sealed record Row(
        string Symbol, decimal Price, DateTimeOffset EventTime, Session Session, DateOnly Date);

    private static readonly Row Sample = new(
        "M&M", 1234.50m, new(2021, 6, 10, 9, 15, 0, 250, TimeSpan.FromHours(5.5)),
        Session.PreOpen, new(2021, 6, 10));

    [Fact]
    public void Options_WriteCamelCaseUtcInstantsEnumsAsWordsAndExactDecimals() => Assert.Equal(
        """
        {"symbol":"M&M","price":1234.50,"eventTime":"2021-06-10T03:45:00.25Z","session":"preOpen","date":"2021-06-10"}
        """,
        JsonSerializer.Serialize(Sample, Json.Options));

    [Fact]
    public void Options_ReadBackWhatTheyWrote() => Assert.Equal(
        Sample with { EventTime = Sample.EventTime.ToUniversalTime() },
        JsonSerializer.Deserialize<Row>(JsonSerializer.Serialize(Sample, Json.Options), Json.Options));

    [Theory]
    [InlineData("""{"symbol":"A","price":"1","eventTime":"2021-06-10T03:45:00Z","session":"open","date":"2021-06-10"}""")]
    [InlineData("""{"symbol":null,"price":1,"eventTime":"2021-06-10T03:45:00Z","session":"open","date":"2021-06-10"}""")]
    [InlineData("""{"symbol":"A","eventTime":"2021-06-10T03:45:00Z","session":"open","date":"2021-06-10"}""")]
    [InlineData("""{"symbol":"A","price":1,"eventTime":"2021-06-10T03:45:00Z","session":1,"date":"2021-06-10"}""")]
    public void Options_QuotedNumbersNullsMissingFieldsAndEnumNumbers_AreErrors(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Row>(json, Json.Options));
}
