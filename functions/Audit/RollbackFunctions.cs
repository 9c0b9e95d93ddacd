using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Audit;

/// <summary>Sets entities back, after a look at what that would change.</summary>
public sealed class RollbackFunctions(Rollbacks rollbacks)
{
    [Function(nameof(PreviewRollback))]
    [Access(Permission = Permissions.AuditRead)]
    [Api("What a rollback would change", Description = "The `ETag` of the answer confirms it.")]
    [Parameter("entity", typeof(string), "The entity, `kind:id`.")]
    [Parameter("version", typeof(string), "To which version.")]
    [Answers(StatusCodes.Status200OK, typeof(RollbackView), "What would be set back, and what would stay.")]
    [Fails(nameof(Problems.UnknownAuditEntity), nameof(Problems.UnknownAuditVersion), nameof(Problems.RollbackNotAllowed))]
    public async Task<IActionResult> PreviewRollback(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit/entities/{entity}/versions/{version}/rollback")]
        HttpRequest request,
        string entity,
        string version,
        FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        (RollbackView view, string tag) = await rollbacks.PreviewAsync(
            CurrentUser.Of(context), entity, version, context.CancellationToken);
        request.HttpContext.Response.Headers.ETag = $"\"{tag}\"";
        return new JsonAnswer(view);
    }

    [Function(nameof(RollBack))]
    [Access(Roles.Admin, Roles.Host, Roles.Merchant)]
    [StepUp]
    [Api("Roll an entity back", Description = "Texts that describe it, of giveaways' drafts, merchants, branches, cards and "
        + "profiles; never money, states, counts or roles. Send the preview's `ETag` as `If-Match`. It is a new version.")]
    [Parameter("entity", typeof(string), "The entity, `kind:id`.")]
    [Parameter("version", typeof(string), "To which version.")]
    [Answers(StatusCodes.Status200OK, typeof(RollbackView), "What was set back.")]
    [Fails(nameof(Problems.UnknownAuditEntity), nameof(Problems.UnknownAuditVersion), nameof(Problems.RollbackNotAllowed),
        nameof(Problems.ChangedMeanwhile), nameof(Problems.InvalidRequest), nameof(Problems.StepUpRequired))]
    public async Task<IActionResult> RollBack(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "audit/entities/{entity}/versions/{version}/rollback")]
        HttpRequest request,
        string entity,
        string version,
        FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        string tag = request.Headers.IfMatch.ToString().Trim('"') is { Length: > 0 } sent
            ? sent
            : throw Problems.InvalidRequest.With("Send the ETag of the preview as If-Match.");
        return new JsonAnswer(await rollbacks.RunAsync(
            CurrentUser.Of(context), entity, version, tag, context.CancellationToken));
    }
}
