using System.Collections.Concurrent;
using System.Text.Json;
using FinVault.Escrow;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Escrow.Payments;

/// <summary>A tenant's own system: a server that takes webhooks, or does not, as it is told.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<int> _answers = [];
    private readonly ConcurrentQueue<Received> _received = [];

    private WebhookReceiver(WebApplication server) => _server = server;

    public string Url => $"{_server.Urls.First()}/hook";

    public IReadOnlyList<Received> All => [.. _received];

    public static async Task<WebhookReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        WebhookReceiver receiver = new(server);
        server.MapPost("/hook", receiver.TakeAsync);
        await server.StartAsync();
        return receiver;
    }

    /// <summary>Answers the next calls with these; 0 is never. Without any it takes what comes.</summary>
    public void Answer(params int[] statuses)
    {
        foreach (int status in statuses)
        {
            _answers.Enqueue(status);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        _received.Enqueue(new(
            body.ToArray(), http.Request.Headers["Webhook-Id"].ToString(),
            http.Request.Headers[WebhookSignature.Header].ToString()));
        int status = _answers.TryDequeue(out int next) ? next : StatusCodes.Status204NoContent;
        if (status == 0)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        http.Response.StatusCode = status;
    }

    public sealed record Received(byte[] Body, string Id, string Signature)
    {
        public JsonElement Json => JsonElement.Parse(Body);
    }
}
