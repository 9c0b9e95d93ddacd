using System.ComponentModel;
using FinVault.Platform;
using FinVault.Platform.Idempotency;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Identity;

/// <summary>Keys for machines that act for the caller.</summary>
public sealed class ApiKeyFunctions(ApiKeys keys)
{
    private const int MaxNameLength = 60;
    private const int MaxDays = 365;

    [Function(nameof(CreateApiKey))]
    [Access]
    [StepUp]
    [ShownOnce]
    [Api("Make an API key", Description = "Send it as a bearer token. It may call what asks for a permission among its "
        + "scopes, in the tenant that you are in now, as long as you may.")]
    [Body(typeof(ApiKeyRequest))]
    [Answers(StatusCodes.Status201Created, typeof(NewApiKey), "The key is shown this one time.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.TooManyApiKeys), nameof(Problems.StepUpRequired))]
    public async Task<IActionResult> CreateApiKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/api-keys")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        ApiKeyRequest sent = await request.ReadJsonAsync<ApiKeyRequest>(SignInFunctions.MaxBodyBytes, cancellation);
        string name = sent.Name.Trim();
        if (name.Length is 0 or > MaxNameLength || sent.Days is < 1 or > MaxDays
            || sent.Scopes.Count == 0 || sent.Scopes.Except(Permissions.All).Any())
        {
            throw Problems.InvalidRequest.With(
                $"name has 1 to {MaxNameLength} characters, days are 1 to {MaxDays}, scopes are of "
                + $"{string.Join(", ", Permissions.All)}.");
        }

        NewApiKey made = await keys.MakeAsync(
            CurrentUser.Of(context), name, [.. sent.Scopes.Distinct()], TimeSpan.FromDays(sent.Days), cancellation);
        return new JsonAnswer(made, StatusCodes.Status201Created);
    }

    [Function(nameof(ListApiKeys))]
    [Access]
    [Api("Your API keys", Description = "Without the keys themselves.")]
    [Answers(StatusCodes.Status200OK, typeof(Page<ApiKeyView>), "Ten at most.")]
    public async Task<IActionResult> ListApiKeys(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "auth/api-keys")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(new Page<ApiKeyView>(
            await keys.ListAsync(CurrentUser.Of(context).UserId, context.CancellationToken)));

    [Function(nameof(DeleteApiKey))]
    [Access]
    [Api("Delete an API key", Description = "It is good no more: here at once, elsewhere within seconds.")]
    [Parameter("key", typeof(string), "Its id.")]
    [Answers(StatusCodes.Status204NoContent, null, "It is gone.")]
    [Fails(nameof(Problems.UnknownApiKey))]
    public async Task<IActionResult> DeleteApiKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "auth/api-keys/{key}")] HttpRequest request,
        string key, FunctionContext context)
    {
        await keys.DeleteAsync(CurrentUser.Of(context).UserId, key, context.CancellationToken);
        return new NoContentResult();
    }
}

public sealed record ApiKeyRequest(
    [property: Description("For you, to know it again.")] string Name,
    [property: Description("Permissions.")] IReadOnlyList<string> Scopes,
    int Days = 90);
