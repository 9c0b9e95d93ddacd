using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Market.Calendar;
using FinVault.Market.Live;
using FinVault.Platform;
using FinVault.Platform.OpenApi;

namespace FinVault.Tests.Platform.OpenApi;

public sealed class ApiSchemasTests
{
    public enum Side
    {
        Buy,
        SellShort,
    }

    public sealed record Leg(decimal Price, long? Volume);

    public sealed record Order(
        [property: Description("As the exchange writes it.")] string Symbol,
        Side Side,
        DateTimeOffset At,
        DateTimeOffset? Until,
        DateOnly Day,
        Leg Main,
        Leg? Hedge,
        IReadOnlyList<Leg> Legs,
        Order? Parent,
        int Retries = 3);

    private static readonly Quote Written =
        new("A", 1, 0, 1, 1, 1, 1, 1, null, default, default, "demo", false, SessionState.Open);

    private static readonly ApiSchemas Schemas = new();
    private static readonly JsonNode Root = Schemas.Of(typeof(Order));
    private static readonly JsonNode Page = Schemas.Of(typeof(Page<Leg>));
    private static readonly JsonObject Components = Schemas.Components("Extra", new JsonObject());

    [Theory]
    [InlineData("symbol", """{"type":"string","description":"As the exchange writes it."}""")]
    [InlineData("side", """{"$ref":"#/components/schemas/Side"}""")]
    [InlineData("at", """{"type":"string","format":"date-time"}""")]
    [InlineData("until", """{"type":["string","null"],"format":"date-time"}""")]
    [InlineData("day", """{"type":"string","format":"date"}""")]
    [InlineData("main", """{"$ref":"#/components/schemas/Leg"}""")]
    [InlineData("hedge", """{"anyOf":[{"$ref":"#/components/schemas/Leg"},{"type":"null"}]}""")]
    [InlineData("legs", """{"type":"array","items":{"$ref":"#/components/schemas/Leg"}}""")]
    [InlineData("parent", """{"anyOf":[{"$ref":"#/components/schemas/Order"},{"type":"null"}]}""")]
    public void Property_IsDescribedAsItIsWritten(string name, string schema) =>
        AssertSame(schema, Components["Order"]!["properties"]![name]!);

    [Fact]
    public void Record_IsAComponentWithWhatItRequires()
    {
        AssertSame("""{"$ref":"#/components/schemas/Order"}""", Root);
        string[] required = [.. Components["Order"]!["required"]!.AsArray().Select(name => (string)name!)];
        Assert.Contains("hedge", required);
        Assert.DoesNotContain("retries", required);
    }

    [Fact]
    public void Leg_HasTheWidthsOfItsNumbers() => AssertSame(
        """
        {"type":"object","properties":{"price":{"type":"number","format":"decimal"},
         "volume":{"type":["integer","null"],"format":"int64"}},"required":["price","volume"]}
        """,
        Components["Leg"]!);

    [Fact]
    public void Enum_IsItsWords() =>
        AssertSame("""{"type":"string","enum":["buy","sellShort"]}""", Components["Side"]!);

    [Fact]
    public void GenericPage_IsNamedAfterItsRows()
    {
        AssertSame("""{"$ref":"#/components/schemas/LegPage"}""", Page);
        AssertSame(
            """{"type":"array","items":{"$ref":"#/components/schemas/Leg"}}""",
            Components["LegPage"]!["properties"]!["data"]!);
    }

    [Fact]
    public void RecordWithAConverterOfItsOwn_HasTheShapeOfItsConstructor()
    {
        ApiSchemas schemas = new();
        schemas.Of(typeof(Quote));
        JsonNode quote = schemas.Components("Extra", new JsonObject())["Quote"]!;
        string written = JsonSerializer.Serialize(Written, Json.Options);

        AssertSame("{\"type\":[\"number\",\"null\"],\"format\":\"decimal\"}", quote["properties"]!["previousClose"]!);
        Assert.Equal(
            JsonNode.Parse(written)!.AsObject().Select(one => one.Key),
            quote["properties"]!.AsObject().Select(one => one.Key));
    }

    [Fact]
    public void TwoTypesOfOneName_AreRefused()
    {
        ApiSchemas schemas = new();
        schemas.Of(typeof(Leg));

        Assert.Throws<InvalidOperationException>(() => schemas.Of(typeof(Elsewhere.Leg)));
    }

    public static class Elsewhere
    {
        public sealed record Leg(string Name);
    }

    private static void AssertSame(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());
}
