using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Identity;

/// <summary>The caller's own profile.</summary>
public sealed class ProfileFunctions(ProfileStore profiles)
{
    private const int MaxBodyBytes = 4096;
    private const int MaxNameLength = 100;

    [Function(nameof(GetProfile))]
    [Access(Permission = Permissions.ProfileRead)]
    [Api("Your profile")]
    [Answers(StatusCodes.Status200OK, typeof(Profile), "What you show of yourself.")]
    public async Task<IActionResult> GetProfile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "profile")] HttpRequest request,
        FunctionContext context) =>
        new JsonAnswer(await profiles.ReadAsync(CurrentUser.Of(context).UserId, context.CancellationToken));

    [Function(nameof(PutProfile))]
    [Access]
    [Api("Change your profile", Description = "The picture is changed by an upload of kind profilePicture.")]
    [Body(typeof(ProfileChange))]
    [Answers(StatusCodes.Status200OK, typeof(Profile), "As it is now.")]
    [Fails(nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> PutProfile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "profile")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        string userId = CurrentUser.Of(context).UserId;
        string name = (await request.ReadJsonAsync<ProfileChange>(MaxBodyBytes, cancellation)).DisplayName.Trim();
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
        {
            throw Problems.InvalidRequest.With($"displayName has 1 to {MaxNameLength} characters.");
        }

        await profiles.SetNameAsync(userId, name, cancellation);
        return new JsonAnswer(await profiles.ReadAsync(userId, cancellation));
    }
}

public sealed record ProfileChange(string DisplayName);
