using FinVault.Platform;
using FinVault.Platform.OpenApi;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Identity;

/// <summary>Codes of an authenticator app as a second factor.</summary>
public sealed class SecondFactorFunctions(SecondFactors secondFactors)
{
    [Function(nameof(SetUpSecondFactor))]
    [Access]
    [StepUp]
    [Api("Begin to set up a second factor", Description = "Counts from the first right code on.")]
    [Answers(StatusCodes.Status200OK, typeof(SecondFactorSetup), "For the authenticator app; shown this one time.")]
    [Fails(nameof(Problems.SecondFactorActive), nameof(Problems.StepUpRequired))]
    public async Task<IActionResult> SetUpSecondFactor(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "auth/second-factor")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(
            await secondFactors.SetUpAsync(CurrentUser.Of(context).UserId, context.CancellationToken));

    [Function(nameof(ConfirmSecondFactor))]
    [Access]
    [AuthLimit]
    [Api("Finish to set up a second factor")]
    [Body(typeof(CodeOnly))]
    [Answers(StatusCodes.Status200OK, typeof(RecoveryCodes), "For the day that the app is lost; shown this one time.")]
    [Fails(nameof(Problems.InvalidCode))]
    public async Task<IActionResult> ConfirmSecondFactor(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "auth/second-factor/confirmation")] HttpRequest request,
        FunctionContext context)
    {
        CodeOnly sent = await request.ReadJsonAsync<CodeOnly>(SignInFunctions.MaxBodyBytes, context.CancellationToken);
        return new JsonAnswer(await secondFactors.ConfirmAsync(
            CurrentUser.Of(context).UserId, sent.Code, context.CancellationToken));
    }

    [Function(nameof(RenewRecoveryCodes))]
    [Access]
    [StepUp]
    [Api("New recovery codes", Description = "The old ones are good no more.")]
    [Answers(StatusCodes.Status200OK, typeof(RecoveryCodes), "Shown this one time.")]
    [Fails(nameof(Problems.NotFound), nameof(Problems.StepUpRequired))]
    public async Task<IActionResult> RenewRecoveryCodes(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "auth/second-factor/recovery-codes")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(
            await secondFactors.RenewCodesAsync(CurrentUser.Of(context).UserId, context.CancellationToken));

    [Function(nameof(RemoveSecondFactor))]
    [Access]
    [StepUp]
    [Api("Remove the second factor")]
    [Answers(StatusCodes.Status204NoContent, null, "No code is asked for any more.")]
    [Fails(nameof(Problems.StepUpRequired))]
    public async Task<IActionResult> RemoveSecondFactor(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "auth/second-factor")] HttpRequest request,
        FunctionContext context)
    {
        await secondFactors.RemoveAsync(CurrentUser.Of(context).UserId, context.CancellationToken);
        return new NoContentResult();
    }
}

public sealed record CodeOnly(string Code);
