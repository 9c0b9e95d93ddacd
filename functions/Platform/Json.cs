using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FinVault.Audit;

namespace FinVault.Platform;

/// <summary>
/// How FinVault writes JSON, on the wire and in Cosmos: camelCase, instants as ISO-8601 UTC with <c>Z</c>, enums as
/// camelCase strings, decimals as numbers without loss.
/// </summary>
public static class Json
{
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>What the store writes by: the same, and who makes the change in every document that is audited.</summary>
    public static JsonSerializerOptions Stored { get; } = CreateStored();

    /// <summary>The document of a successful answer of the store.</summary>
    /// <exception cref="Microsoft.Azure.Cosmos.CosmosException">The answer is a failure.</exception>
    public static async Task<T> ReadAsync<T>(
        Microsoft.Azure.Cosmos.ResponseMessage response, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.EnsureSuccessStatusCode();
        return (await JsonSerializer.DeserializeAsync<T>(response.Content, Options, cancellationToken))!;
    }

    private static JsonSerializerOptions Create()
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
        {
            // A number is a number: a quoted price is a mistake that the caller should hear of.
            NumberHandling = JsonNumberHandling.Strict,
            // Answers are application/json, never HTML, so M&M need not become M\u0026M.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            // A field left out is an error unless its type says null or gives a default; it is never silently 0.
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new InstantConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private static JsonSerializerOptions CreateStored()
    {
        JsonSerializerOptions options = new(Options)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { ChangeStamp.StampAudited } },
        };
        options.MakeReadOnly();
        return options;
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset().ToUniversalTime();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        {
            Span<char> text = stackalloc char[32];
            value.UtcDateTime.TryFormat(text, out int length, Format, CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        }
    }
}
