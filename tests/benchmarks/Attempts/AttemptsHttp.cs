using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Platform;

namespace FinVault.Benchmarks.Attempts;

internal static class AttemptsHttp
{
    /// <summary>Posts JSON, or nothing, and reads the answer.</summary>
    public static async Task<JsonElement> PostAsync(HttpClient http, string path, object? body)
    {
        using HttpContent? content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json.Options);
        using HttpResponseMessage answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        string text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(text)
            : throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {text}");
    }
}
