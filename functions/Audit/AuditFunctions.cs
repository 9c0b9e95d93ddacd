using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Audit;

/// <summary>
/// The trail for those who investigate: administrators and auditors see all of it, hosts and merchants their tenant's.
/// </summary>
public sealed class AuditFunctions(AuditReader reader, AuditVerification verification)
{
    private const int DefaultPage = 50;
    private const int MaxPage = 200;
    private const int DefaultChains = 50;
    private const int MaxChains = 200;

    [Function(nameof(SearchAudit))]
    [Access(Permission = Permissions.AuditRead)]
    [Api("Search the audit trail", Description = "Newest first, at most 1,000 lines over all pages. What moved "
        + "money names the transfer, whose own record is the ledger's journal.")]
    [Parameter("entity", typeof(string), "What it is about, `kind:id`.")]
    [Parameter("actor", typeof(string), "Who did it: a user's id, `system`, `anonymous` or `unknown`.")]
    [Parameter("kind", typeof(string), "The entity's kind.")]
    [Parameter("name", typeof(string), "created, changed, deleted, or a business event.")]
    [Parameter("correlationId", typeof(string), "Of the request.")]
    [Parameter("tenant", typeof(string), "For auditors; everybody else sees their own.")]
    [Parameter("from", typeof(DateTimeOffset), "Then or later.")]
    [Parameter("to", typeof(DateTimeOffset), "Before then.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<AuditLine>), "Lines.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.InvalidDate))]
    public async Task<IActionResult> SearchAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit/records")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(await reader.SearchAsync(
            AuditFilter.Read(request, CurrentUser.Of(context)), PageRequest.From(request, DefaultPage, MaxPage),
            context.CancellationToken));

    [Function(nameof(GetAuditHistory))]
    [Access(Permission = Permissions.AuditRead)]
    [Api("An entity's history", Description = "Every version with what changed, newest first.")]
    [Parameter("entity", typeof(string), "The entity, `kind:id`.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<AuditLine>), "Lines.")]
    [Fails(nameof(Problems.UnknownAuditEntity))]
    public async Task<IActionResult> GetAuditHistory(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit/entities/{entity}")] HttpRequest request,
        string entity,
        FunctionContext context)
    {
        PageRequest page = PageRequest.From(request, DefaultPage, MaxPage);
        AuditHead head = await reader.HeadAsync(CurrentUser.Of(context), entity, context.CancellationToken);
        AuditFilter only = new(null, head.Entity, null, null, null, null, null, null);
        return new JsonAnswer(await reader.SearchAsync(only, page, context.CancellationToken));
    }

    [Function(nameof(VerifyAuditEntity))]
    [Access(Permission = Permissions.AuditRead)]
    [Api("Verify an entity's chain", Description = "Follows the hashes from its first line to its last.")]
    [Parameter("entity", typeof(string), "The entity, `kind:id`.")]
    [Answers(StatusCodes.Status200OK, typeof(AuditCheck), "Whether it is intact, and if not, where it breaks first.")]
    [Fails(nameof(Problems.UnknownAuditEntity))]
    public async Task<IActionResult> VerifyAuditEntity(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit/entities/{entity}/verify")] HttpRequest request,
        string entity,
        FunctionContext context)
    {
        AuditHead head = await reader.HeadAsync(CurrentUser.Of(context), entity, context.CancellationToken);
        return new JsonAnswer(await verification.VerifyAsync(head, context.CancellationToken));
    }

    [Function(nameof(VerifyAudit))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("Verify all chains", Description = "A page of them: go on by the cursor until there is none. The seals come "
        + "last, and find chains that were taken out as a whole.")]
    [Paged(DefaultChains, MaxChains, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(AuditCheck), "Whether this part is intact, and if not, where it breaks first.")]
    public async Task<IActionResult> VerifyAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit/verify")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(await verification.VerifyAllAsync(
            PageRequest.From(request, DefaultChains, MaxChains), context.CancellationToken));
}
