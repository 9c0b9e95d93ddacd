using System.Text.Json;

namespace FinVault.Local.SignalR;

/// <summary>What a foreign host sends: <c>{"target":…,"arguments":[…]}</c>, which Azure's SDK writes with capitals.</summary>
internal sealed class RestMessage : IDisposable
{
    private const int MaximumBytes = 1024 * 1024;
    private readonly JsonDocument _document;

    private RestMessage(JsonDocument document, string target, object?[] arguments) =>
        (_document, Target, Arguments) = (document, target, arguments);

    public string Target { get; }

    /// <summary>JSON elements, which live as long as this.</summary>
    public IReadOnlyList<object?> Arguments { get; }

    /// <exception cref="BadHttpRequestException">It is no such message, with the status to answer.</exception>
    public static async Task<RestMessage> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("A message is JSON here.", StatusCodes.Status415UnsupportedMediaType);
        }

        if (request.ContentLength > MaximumBytes)
        {
            throw new BadHttpRequestException("A message is at most 1 MB.", StatusCodes.Status413PayloadTooLarge);
        }

        JsonDocument? document = null;
        try
        {
            document = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellation);
            JsonElement target = Property(document.RootElement, "target");
            JsonElement arguments = Property(document.RootElement, "arguments");
            object?[] values = arguments.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
                ? []
                : [.. arguments.EnumerateArray().Select(argument => (object?)argument)];
            return target.ValueKind == JsonValueKind.String && target.GetString() is { Length: > 0 } name
                ? new RestMessage(document, name, values)
                : throw new JsonException("There is no target.");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            document?.Dispose();
            throw new BadHttpRequestException($"The body is no message: {wrong.Message}", wrong);
        }
    }

    public void Dispose() => _document.Dispose();

    private static JsonElement Property(JsonElement message, string name) => message.EnumerateObject()
        .FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
