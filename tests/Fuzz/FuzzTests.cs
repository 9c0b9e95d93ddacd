using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace FinVault.Tests.Fuzz;

/// <summary>
/// Odd requests to every route of the API, by somebody with every role, so that they get past the door: whatever
/// comes, the answer is a refusal in words, never a 500 and never silence.
/// </summary>
public sealed class FuzzTests(FuzzTests.App app, ITestOutputHelper output) : IClassFixture<FuzzTests.App>
{
    private static readonly JsonObject Document = ApiDocument.Of(typeof(ApiDocument).Assembly);

    // What needs something that is not there in this test says so with 503.
    private static readonly string[] HonestlyUnavailable = [Problems.UploadsUnavailable.Code];

    public static TheoryData<string, string> Operations
    {
        get
        {
            TheoryData<string, string> operations = [];
            foreach ((string path, JsonNode? methods) in Document["paths"]!.AsObject())
            {
                foreach ((string method, JsonNode? _) in methods!.AsObject())
                {
                    operations.Add(method, path);
                }
            }

            return operations;
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Route_GivenAnyInput_NeverFails(string method, string path)
    {
        JsonObject operation = Document["paths"]![path]![method]!.AsObject();
        FuzzCase[] cases = [.. new FuzzInputs(Document, path, operation).Cases()];
        List<string> wrong = [];
        foreach (FuzzCase odd in cases)
        {
            if (await TryAsync(new HttpMethod(method), odd) is { } complaint)
            {
                wrong.Add($"{odd.What}: {complaint}");
            }
        }

        output.WriteLine($"{cases.Length} cases");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases.Length} cases:\n{string.Join('\n', wrong.Take(20))}");
    }

    private async Task<string?> TryAsync(HttpMethod method, FuzzCase odd)
    {
        using HttpRequestMessage request = new(method, odd.PathAndQuery);
        if (odd.Body is { } body)
        {
            request.Content = new StringContent(body, Encoding.UTF8, odd.ContentType);
        }

        try
        {
            using HttpResponseMessage answer = await app.Client.SendAsync(request);
            string text = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode < 400)
            {
                return null;
            }

            // What no function answers (a path that fits no route) has no problem of ours.
            string? code = text.Length > 0 ? (string?)JsonNode.Parse(text)!["code"] : null;
            bool failed = (int)answer.StatusCode >= 500 && !HonestlyUnavailable.Contains(code);
            return failed ? $"{(int)answer.StatusCode} {text}" : null;
        }
        catch (TaskCanceledException)
        {
            return "no answer";
        }
        catch (HttpRequestException broken)
        {
            return broken.Message;
        }
        catch (JsonException)
        {
            return "an error that is not JSON";
        }
    }

    /// <summary>One app for all routes.</summary>
    public sealed class App : IAsyncLifetime
    {
        private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

        private AppHost _host = null!;

        public HttpClient Client => _host.Client;

        public async Task InitializeAsync()
        {
            _host = await AppHost.StartAsync();
            CurrentUser everybody = new(
                Ids.New("USER", TimeProvider.System), Ids.New("TENANT", TimeProvider.System), Roles.All.ToHashSet());
            _host.SignIn(everybody);
            Client.Timeout = Silence;
        }

        public Task DisposeAsync() => _host.DisposeAsync().AsTask();
    }
}
