using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Identity;

/// <summary>
/// Every route of FinVault for nobody, for every role and for an API key: who is let in is exactly who is declared, as the
/// running app answers.
/// </summary>
public sealed partial class AuthorizationTableTests(RunningApp running)
    : IClassFixture<RunningApp>
{
    private const string Id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly Dictionary<string, MethodInfo> Declared = Find();

    public static TheoryData<string> Routes() => [.. Declared.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_LetsInExactlyWhomItDeclares(string route)
    {
        MethodInfo function = Declared[route];
        string[] parts = route.Split(' ');
        Assert.Equal(Expected(function, null), await AskAsync(parts[0], parts[1], null));
        foreach (string role in Roles.All)
        {
            (CurrentUser user, string token) = await running.EnterAsync(role, parts[1]);
            Assert.Equal((role, Expected(function, user)), (role, await AskAsync(parts[0], parts[1], token)));
        }

        Door forged = await AskAsync(parts[0], parts[1], "eyJhbGciOiJub25lIn0.e30.");
        Assert.Equal(Expected(function, null) == Door.Open ? Door.Open : Door.TokenRefused, forged);
    }

    [Fact]
    public void Table_HasEveryRouteOnce() => Assert.True(Declared.Count > 50, $"Only {Declared.Count} routes were found.");

    private enum Door
    {
        Open,
        SignInFirst,
        TokenRefused,
        Forbidden,
    }

    private static Door Expected(MethodInfo function, CurrentUser? user) =>
        function.GetCustomAttribute<PublicAttribute>() is not null ? Door.Open
        : user is null ? Door.SignInFirst
        : Allowed(function.GetCustomAttribute<AccessAttribute>()!, user) ? Door.Open
        : Door.Forbidden;

    // Said once more here, so that a slip in the app's own rule shows.
    private static bool Allowed(AccessAttribute access, CurrentUser user) =>
        (access.Roles.Length == 0 && access.Permission is null)
        || access.Roles.Intersect(user.Roles).Any()
        || (access.Permission is { } permission && user.Roles.Any(role => Permissions.Grants(role, permission)));

    private async Task<Door> AskAsync(string method, string path, string? token)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        // No body is ever valid, so nothing is done that the next row would see.
        request.Content = method is "GET" or "DELETE" ? null : new StringContent("[", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await running.App.Client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        string? code = answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonElement.Parse(text).GetProperty("code").GetString()
            : null;
        return (answer.StatusCode, code) switch
        {
            (HttpStatusCode.Unauthorized, "unauthenticated") => Door.SignInFirst,
            (HttpStatusCode.Unauthorized, "invalid_token") when token is not null => Door.TokenRefused,
            (HttpStatusCode.Forbidden, "forbidden") when text.Contains("Your roles do not allow this.", StringComparison.Ordinal) =>
                Door.Forbidden,
            _ => Door.Open,
        };
    }

    /// <summary>"METHOD path" of each, with an id for every parameter.</summary>
    private static Dictionary<string, MethodInfo> Find() => typeof(FinVaultApp).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith("FinVault.Local", StringComparison.Ordinal) != true)
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Select(method => (method, trigger: method.GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(found => found is not null)))
        .Where(pair => pair.trigger is not null)
        .SelectMany(pair => pair.trigger!.Methods!.Select(http => (
            Route: $"{http.ToUpperInvariant()} api/v1/{Parameter().Replace(pair.trigger.Route ?? pair.method.Name, $"X_{Id}")}", pair.method)))
        .ToDictionary(pair => pair.Route, pair => pair.method);

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}

/// <summary>One app for all rows.</summary>
public sealed class RunningApp : IAsyncLifetime
{
    private readonly ConcurrentDictionary<(string Role, bool Ends), CurrentUser> _users = new();

    public AppHost App { get; private set; } = null!;

    /// <summary>Somebody with one role, and a token of theirs.</summary>
    internal async Task<(CurrentUser User, string Token)> EnterAsync(string role, string path)
    {
        // Rows about signing in end sessions of whoever asks: theirs are nobody else's.
        bool ends = path.Contains("/auth/", StringComparison.Ordinal);
        CurrentUser user = _users.GetOrAdd((role, ends), _ => new(
            Ids.New("USER", TimeProvider.System), Ids.New("TENANT", TimeProvider.System), new HashSet<string> { role }));
        return (user, ends ? (await App.Sessions.BeginAsync(user)).AccessToken : await App.Sessions.IssueAsync(user));
    }

    public async Task InitializeAsync() => App = await AppHost.StartAsync();

    public async Task DisposeAsync() => await App.DisposeAsync();
}
