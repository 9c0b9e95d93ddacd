using System.Globalization;
using Microsoft.AspNetCore.Http.Features;

namespace FinVault.Local.SignalR;

/// <summary>
/// The data-plane REST API of Azure SignalR Service, version 2022-06-01, and its older paths under <c>/api/v1</c>, by which
/// a foreign host sends, manages groups and closes connections. Statuses and error codes are those that Azure's SDK expects.
/// </summary>
/// <remarks>https://github.com/Azure/azure-signalr/tree/dev/docs/swagger</remarks>
internal sealed class RestEndpoint(EmbeddedSignalR signalR, AccessToken tokens)
{
    private const string Hubs = "/hubs/";
    private const string ErrorCode = "x-ms-error-code";
    private const string NoConnection = "Warning.Connection.NotExisted";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/api/health", [HttpMethods.Get, HttpMethods.Head], static () => Results.Ok());
        endpoints.Map("/api/hubs/{hub}/{**rest}", HandleAsync);
        endpoints.Map("/api/v1/hubs/{hub}/{**rest}", HandleAsync);
    }

    private async Task HandleAsync(HttpContext http)
    {
        // As it was sent: a name may hold an escaped slash.
        string path = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].TrimEnd('/');
        if (tokens.Check(AccessToken.Of(http.Request), audience => IsFor(audience, path), ignoreExpiry: false) is null)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return;
        }

        string[] names = [.. path[(path.IndexOf(Hubs, StringComparison.OrdinalIgnoreCase) + Hubs.Length)..].Split('/')
            .Select(Uri.UnescapeDataString)];
        string application = http.Request.Query["application"].ToString();
        string hub = application.Length > 0 ? $"{application}_{names[0]}" : names[0];
        if (ClientEndpoint.HubNamed(hub) is not { } known)
        {
            await ExplainAsync(http.Response, StatusCodes.Status400BadRequest, $"'{hub}' is no name of a hub.");
            return;
        }

        HubChannel channel = signalR.ChannelOf(known);
        string[] target = Usual(names[1..]);
        await (HttpMethods.IsPost(http.Request.Method)
            ? PostAsync(http, channel, target)
            : AnswerAsync(http, Manage(http.Request, channel, target)));
    }

    // Azure's SDK leaves the port and the query of its own out; the host is the name by which it knows this one.
    private static bool IsFor(string audience, string path) =>
        Uri.TryCreate(audience, UriKind.Absolute, out Uri? address)
        && Uri.UnescapeDataString(address.AbsolutePath).TrimEnd('/') == Uri.UnescapeDataString(path);

    // The older paths end without :send; groups and their members come in either order.
    private static string[] Usual(string[] names) => names switch
    {
        [.. var before, ":send"] => before,
        ["groups", var group, "connections" or "users", var member] => [names[2], member, "groups", group],
        _ => names,
    };

    private static Task PostAsync(HttpContext http, HubChannel channel, string[] names) => names switch
    {
        [] => SendAsync(http, channel, channel.All()),
        ["users", var user] => SendAsync(http, channel, channel.User(user)),
        ["groups", var group] => SendAsync(http, channel, channel.Group(group)),
        ["connections", var id] => SendAsync(http, channel, channel.Connection(id)),
        [":closeConnections"] => CloseAsync(http, channel.All()),
        ["users", var user, ":closeConnections"] => CloseAsync(http, channel.User(user)),
        ["groups", var group, ":closeConnections"] => CloseAsync(http, channel.Group(group)),
        _ => AnswerAsync(http, (StatusCodes.Status404NotFound, null)),
    };

    private static (int Status, string? Code) Manage(HttpRequest request, HubChannel channel, string[] names) =>
        (Verb(request.Method), names) switch
        {
            ("HEAD", ["connections", var id]) => Found(channel.Connection(id).Length > 0, NoConnection),
            ("HEAD", ["users", var user]) => Found(channel.User(user).Length > 0, "Warning.User.NotExisted"),
            ("HEAD", ["groups", var group]) => Found(channel.Group(group).Length > 0, "Warning.Group.NotExisted"),
            ("HEAD", ["users", var user, "groups", var group]) =>
                Found(channel.IsUserInGroup(user, group), "Info.User.NotInGroup"),
            ("DELETE", ["connections", var id]) => Close(channel, id),
            ("DELETE", ["connections", var id, "groups"]) => Done(() => channel.RemoveFromAllGroups(id)),
            ("DELETE", ["users", var user, "groups"]) => Done(() => channel.RemoveUserFromAllGroups(user), 204),
            (_, ["connections", var id, "groups", var group]) => ChangeConnection(request.Method, channel, id, group),
            (_, ["users", var user, "groups", var group]) => ChangeUser(request, channel, user, group),
            _ => (StatusCodes.Status404NotFound, null),
        };

    // The swagger asks by HEAD, the SDK sometimes by GET.
    private static string Verb(string method) => HttpMethods.IsGet(method) ? HttpMethods.Head : method;

    private static (int Status, string? Code) Found(bool found, string otherwise) =>
        found ? (StatusCodes.Status200OK, null) : (StatusCodes.Status404NotFound, otherwise);

    private static (int Status, string? Code) Done(Action change, int status = StatusCodes.Status200OK)
    {
        change();
        return (status, null);
    }

    private static (int Status, string? Code) Close(HubChannel channel, string id)
    {
        bool there = channel.Connection(id).Length > 0;
        channel.Close(id);
        return Found(there, NoConnection);
    }

    private static (int Status, string? Code) ChangeConnection(
        string method, HubChannel channel, string id, string group) => method switch
        {
            "PUT" when channel.Connection(id).Length == 0 => Found(false, "Error.Connection.NotExisted"),
            "PUT" => Done(() => channel.AddToGroup(id, group)),
            "DELETE" => Done(() => channel.RemoveFromGroup(id, group)),
            _ => (StatusCodes.Status405MethodNotAllowed, null),
        };

    private static (int Status, string? Code) ChangeUser(
        HttpRequest request, HubChannel channel, string user, string group)
    {
        bool limited = int.TryParse(
            request.Query["ttl"], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds);
        return request.Method switch
        {
            "PUT" => Done(() => channel.AddUserToGroup(user, group, limited ? TimeSpan.FromSeconds(seconds) : null)),
            "DELETE" => Done(() => channel.RemoveUserFromGroup(user, group), StatusCodes.Status204NoContent),
            _ => (StatusCodes.Status405MethodNotAllowed, null),
        };
    }

    private static async Task SendAsync(HttpContext http, HubChannel channel, ClientConnection[] audience)
    {
        try
        {
            using RestMessage message = await RestMessage.ReadAsync(http.Request, http.RequestAborted);
            channel.Send(message.Target, message.Arguments, [audience], Excluded(http.Request));
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (BadHttpRequestException wrong)
        {
            await ExplainAsync(http.Response, wrong.StatusCode, wrong.Message);
        }
    }

    private static Task CloseAsync(HttpContext http, ClientConnection[] audience)
    {
        string[] excluded = Excluded(http.Request);
        foreach (ClientConnection client in audience.Where(client => !excluded.Contains(client.Id)))
        {
            client.Abort();
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static string[] Excluded(HttpRequest request) => [.. request.Query["excluded"].OfType<string>()];

    private static Task AnswerAsync(HttpContext http, (int Status, string? Code) answer)
    {
        if (answer.Code is { } code)
        {
            http.Response.Headers[ErrorCode] = code;
        }

        http.Response.StatusCode = answer.Status;
        return answer.Code is null ? Task.CompletedTask : ExplainAsync(http.Response, answer.Status, answer.Code);
    }

    private static Task ExplainAsync(HttpResponse response, int status, string why)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        return HttpMethods.IsHead(response.HttpContext.Request.Method) ? Task.CompletedTask : response.WriteAsync(why);
    }
}
