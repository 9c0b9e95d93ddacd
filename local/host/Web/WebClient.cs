using System.Text;
using FinVault.Local.Hosting;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace FinVault.Local.Web;

/// <summary>
/// Serves the built web client: hashed assets for ever, the page itself never without asking, precompressed files where the
/// browser takes them, and the page for every path of the client's own (not the API's).
/// </summary>
internal sealed class WebClient(LocalHostOptions options, HostJson hostJson, ILoggerFactory loggers) : IAsyncDisposable
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new()
    {
        Mappings = { [".webmanifest"] = "application/manifest+json", [".map"] = "application/json" },
    };

    private static readonly (string Coding, string Suffix)[] Codings = [("br", ".br"), ("gzip", ".gz")];

    private readonly CancellationTokenSource _stopping = new();
    private readonly WebBuild? _build = options.Web && !options.Services
        && (options.WebSources ?? WebBuild.FindSources()) is { } sources
        ? new WebBuild(sources, options.Console, loggers.CreateLogger<WebBuild>())
        : null;

    private Task _building = Task.CompletedTask;

    /// <summary>Builds what is missing or stale while the API runs already.</summary>
    public void StartBuild() => _building = _build?.RunAsync(_stopping.Token) ?? Task.CompletedTask;

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        HttpRequest request = http.Request;
        bool page = options.Web && !options.Services && http.GetEndpoint() is null
            && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && !(hostJson.RoutePrefix.Length > 0 && request.Path.StartsWithSegments($"/{hostJson.RoutePrefix.Split('/')[0]}"));
        if (!page)
        {
            await next(http);
        }
        else if (_build?.Dist is not { } dist)
        {
            await ExplainAsync(http);
        }
        else if (!await ServeAsync(http, dist, request.Path))
        {
            await next(http);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _building.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private static async Task<bool> ServeAsync(HttpContext http, string dist, PathString path)
    {
        string wanted = Path.GetFullPath(Path.Combine(dist, path.Value!.TrimStart('/')));
        bool inside = wanted.StartsWith(dist + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (inside && !Path.GetFileName(wanted).StartsWith('.') && File.Exists(wanted))
        {
            await SendAsync(http, wanted, immutable: path.StartsWithSegments("/assets"));
            return true;
        }

        // A path with an extension names a file; only others are places in the client.
        string index = Path.Combine(dist, "index.html");
        if (Path.HasExtension(path.Value) || !File.Exists(index))
        {
            return false;
        }

        await SendAsync(http, index, immutable: false);
        return true;
    }

    private static async Task SendAsync(HttpContext http, string file, bool immutable)
    {
        http.Response.Headers.CacheControl = immutable ? "public, max-age=31536000, immutable" : "no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        string type = ContentTypes.TryGetContentType(file, out string? known) ? known : "application/octet-stream";
        string sent = file;
        foreach ((string coding, string suffix) in Codings)
        {
            if (File.Exists(file + suffix))
            {
                http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
                if (sent == file && Accepts(http.Request, coding))
                {
                    http.Response.Headers.ContentEncoding = coding;
                    sent = file + suffix;
                }
            }
        }

        var written = new FileInfo(sent);
        var tag = new EntityTagHeaderValue($"\"{written.LastWriteTimeUtc.Ticks:x}-{written.Length:x}\"");
        await Results.File(sent, type, lastModified: written.LastWriteTimeUtc, entityTag: tag).ExecuteAsync(http);
    }

    private static bool Accepts(HttpRequest request, string coding) =>
        request.GetTypedHeaders().AcceptEncoding.Any(accepted =>
            accepted.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && accepted.Quality != 0);

    private async Task ExplainAsync(HttpContext http)
    {
        string why = _build?.Status ?? "The web client is not part of this copy of FinVault.";
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        if (_build is { Running: true })
        {
            http.Response.Headers.Append("Refresh", "2");
        }

        string page = $"""
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>FinVault</title><body style="font:16px system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem">
            <h1>FinVault</h1><p>{System.Net.WebUtility.HtmlEncode(why)}</p>
            <p>The API runs: <a href="/{hostJson.RoutePrefix}/health">/{hostJson.RoutePrefix}/health</a></p></body></html>
            """;
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(page), http.RequestAborted);
    }
}
