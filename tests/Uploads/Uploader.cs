using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Support;
using FinVault.Uploads;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Uploads;

/// <summary>A problem's status and code, or a success.</summary>
public sealed record Outcome(int Status, string? Code, JsonElement Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public T As<T>()
    {
        Assert.True(IsSuccess, $"{Status}: {Body}");
        return Body.Deserialize<T>(Json.Options)!;
    }
}

/// <summary>A user of the API.</summary>
public sealed class Uploader(AppHost app, CurrentUser user)
{
    // Blob Storage is called as a browser calls it: with nothing but the URL.
    private static readonly HttpClient Plain = new();

    public CurrentUser User => user;

    public static UploadRequest Of(string kind, string entityId, TestFile file) =>
        new(kind, entityId, file.ContentType, file.Bytes.Length, file.Sha256);

    public async Task<Outcome> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using HttpRequestMessage request = new(method, $"api/v1/{path}");
        request.Headers.Authorization = app.Sessions.HeaderOf(user);
        request.Content = body is null ? null : JsonContent.Create(body, options: Json.Options);
        using HttpResponseMessage answer = await app.Client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        JsonElement json = text.Length > 0 ? JsonElement.Parse(text) : default;
        string? code = !answer.IsSuccessStatusCode && json.TryGetProperty("code", out JsonElement found)
            ? found.GetString()
            : null;
        return new((int)answer.StatusCode, code, json);
    }

    public Task<Outcome> PresignAsync(UploadRequest request) => SendAsync(HttpMethod.Post, "uploads/presign", request);

    /// <summary>Opens an upload of the user's own picture.</summary>
    public async Task<SignedUpload> PresignPictureAsync(TestFile file) =>
        (await PresignAsync(Of(UploadKind.ProfilePicture, user.UserId, file))).As<SignedUpload>();

    public Task<Outcome> ResumeAsync(string uploadId) => SendAsync(HttpMethod.Post, $"uploads/{uploadId}/resume");

    public Task<Outcome> ConfirmAsync(string objectKey) =>
        SendAsync(HttpMethod.Post, "uploads/confirm", new ConfirmRequest(objectKey));

    /// <summary>Puts bytes to a URL with the headers that came with it. Answers the status.</summary>
    public static async Task<int> PutAsync(SignedUpload to, byte[] bytes, string? contentType = null)
    {
        ArgumentNullException.ThrowIfNull(to);
        using HttpRequestMessage request = new(HttpMethod.Put, to.Url) { Content = new ByteArrayContent(bytes) };
        request.Headers.Add("x-ms-blob-type", to.Headers["x-ms-blob-type"]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType ?? to.Headers["content-type"]);
        return await StatusAsync(request);
    }

    /// <summary>Puts one block of a file in blocks.</summary>
    public static async Task PutBlockAsync(SignedUpload to, int index, TestFile file)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(file);
        int from = (int)(index * to.Blocks!.BlockBytes);
        byte[] block = file.Bytes[from..Math.Min(file.Bytes.Length, from + (int)to.Blocks.BlockBytes)];
        Uri url = new($"{to.Url}&comp=block&blockid={Uri.EscapeDataString(to.Blocks.Ids[index])}");
        using HttpRequestMessage request = new(HttpMethod.Put, url) { Content = new ByteArrayContent(block) };
        Assert.Equal(201, await StatusAsync(request));
    }

    public static async Task<int> StatusAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage answer = await Plain.SendAsync(request);
        return (int)answer.StatusCode;
    }

    public static async Task<int> StatusAsync(HttpMethod method, Uri url)
    {
        using HttpRequestMessage request = new(method, url);
        return await StatusAsync(request);
    }

    public static Task<HttpResponseMessage> GetAsync(Uri url) => Plain.GetAsync(url);
}
