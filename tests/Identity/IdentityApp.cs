using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Local.Hosting;
using FinVault.Local.Notifications;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Identity;

/// <summary>An answer: its status, and its body if it is JSON.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, HttpResponseHeaders Headers)
{
    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out JsonElement code)
        ? code.GetString()
        : null;

    public T Read<T>()
    {
        Assert.True((int)Status < 300, $"{Status}: {Body}");
        return Body.Deserialize<T>(Json.Options)!;
    }
}

/// <summary>People who register, read their mail and sign in, with a clock that stands still.</summary>
internal sealed partial class IdentityApp : IAsyncDisposable
{
    public const string Password = "seven green kites at dusk";

    private IdentityApp(AppHost app, ManualClock clock) => (App, Clock) = (app, clock);

    public AppHost App { get; }

    public ManualClock Clock { get; }

    /// <param name="settings">App settings.</param>
    /// <param name="configure">Puts services in the place of others.</param>
    /// <param name="change">What else is to be other than by default.</param>
    public static async Task<IdentityApp> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null,
        Func<LocalHostOptions, LocalHostOptions>? change = null)
    {
        ManualClock clock = new();
        LocalHostOptions options = AppHost.Defaults with { Time = clock, Settings = settings, Configure = configure };
        options = change?.Invoke(options) ?? options;
        return new(await AppHost.StartAsync(options), options.Time as ManualClock ?? clock);
    }

    public T Get<T>() where T : notnull => App.Host.Services.GetRequiredService<T>();

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, object? body = null, string? token = null, Action<HttpRequestHeaders>? headers = null)
    {
        using HttpRequestMessage request = new(method, $"api/v1/{path}");
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: Json.Options);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        headers?.Invoke(request.Headers);
        using HttpResponseMessage answer = await App.Client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return new(answer.StatusCode, text.StartsWith('{') ? JsonElement.Parse(text) : default, answer.Headers);
    }

    public Task<Answer> PostAsync(string path, object body, string? token = null) =>
        SendAsync(HttpMethod.Post, path, body, token);

    public Task<Answer> PutAsync(string path, object? body, string? token) => SendAsync(HttpMethod.Put, path, body, token);

    public Task<Answer> GetAsync(string path, string? token) => SendAsync(HttpMethod.Get, path, null, token);

    public Task<Answer> DeleteAsync(string path, string? token) => SendAsync(HttpMethod.Delete, path, null, token);

    /// <summary>Waits for the nth mail with this subject to an address.</summary>
    public async Task<Mail> MailAsync(string to, string subject, int nth = 1)
    {
        LocalMailbox box = Get<LocalMailbox>();
        Mail[] Found() => [.. box.Latest.Where(mail => mail.To == to && mail.Subject == subject)];
        await Eventually.TrueAsync(() => Found().Length >= nth, $"mail '{subject}' to {to}");
        return Found()[nth - 1];
    }

    public static string TokenIn(Mail mail) => LinkToken().Match(mail.Text).Groups[1].Value;

    public async Task RegisterAsync(string email, string password = Password) => Assert.Equal(
        HttpStatusCode.Accepted, (await PostAsync("auth/register", new { email, password })).Status);

    /// <summary>Registers, follows the link, and is signed in.</summary>
    public async Task<SessionGrant> NewUserAsync(string email)
    {
        await RegisterAsync(email);
        string token = TokenIn(await MailAsync(email, "Confirm your e-mail address"));
        return (await PostAsync("auth/verify", new { token, Password })).Read<SignInAnswer>().Session!;
    }

    public async Task<SessionGrant> SignInAsync(string email, string password = Password) =>
        (await PostAsync("auth/sign-in", new { email, password })).Read<SignInAnswer>().Session!;

    /// <summary>Whether a token is still good for something.</summary>
    public async Task<bool> IsInAsync(string token) => (await GetAsync("auth/me", token)).Status == HttpStatusCode.OK;

    public async Task<Me> MeAsync(string token) => (await GetAsync("auth/me", token)).Read<Me>();

    /// <summary>Calls of which none has its transaction done before each of them has read what is there.</summary>
    public async Task<Answer[]> AtOnceAsync(int count, Func<int, Task<Answer>> call)
    {
        TimeSpan moment = TimeSpan.FromMilliseconds(1);
        FaultSwitches faults = App.Host.Cosmos.Faults;
        long before = faults.Injected;
        Task<Answer[]> all;
        FaultRule late = new(FaultKind.Latency)
        {
            Container = Containers.Identity, Operation = CosmosOperation.Batch, Delay = moment,
        };
        using (faults.Add(late))
        {
            all = Task.WhenAll(Enumerable.Range(0, count).Select(call));
            await Eventually.TrueAsync(() => faults.Injected >= before + count, "every call is about to write");
        }

        await Eventually.TrueAsync(
            () =>
            {
                Clock.Advance(moment);
                return all.IsCompleted;
            },
            "every call is answered");
        return await all;
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    [GeneratedRegex(@"#token=(\S+)")]
    private static partial Regex LinkToken();
}
