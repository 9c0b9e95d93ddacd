using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Escrow;

/// <summary>Escrows for their hosts and for operators, and the timer that ends what was left in the middle.</summary>
public sealed class EscrowFunctions(Escrows escrows)
{
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(ListEscrows))]
    [Access(Roles.Host, Roles.Admin, Roles.Auditor)]
    [Api("Escrows", Description = "Newest first. A host sees those of the own tenant; an operator sees all.")]
    [Parameter("state", typeof(string), "Only those in this state.",
        Values = ["pending", "held", "allocated", "settled", "released", "failed"])]
    [Parameter("giveaway", typeof(string), "Only those of this giveaway.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<EscrowView>), "Escrows.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.InvalidCursor))]
    public async Task<IActionResult> ListEscrows(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "escrows")] HttpRequest request,
        FunctionContext context)
    {
        string? giveaway = request.Query["giveaway"];
        return new JsonAnswer(await escrows.ListAsync(
            TenantOf(context), request.Choice<EscrowState>("state"), string.IsNullOrEmpty(giveaway) ? null : giveaway,
            PageRequest.From(request, DefaultPage, MaxPage), context.CancellationToken));
    }

    [Function(nameof(GetEscrow))]
    [Access(Roles.Host, Roles.Admin, Roles.Auditor)]
    [Api("An escrow", Description = "Of the own tenant, or for an operator of any.")]
    [Parameter("id", typeof(string), "The escrow.")]
    [Answers(StatusCodes.Status200OK, typeof(EscrowView), "As it stands.")]
    [Fails(nameof(Problems.NotFound))]
    public async Task<IActionResult> GetEscrow(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "escrows/{id}")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        EscrowView? found = TenantOf(context) is { } tenant
            ? await escrows.FindAsync(tenant, id, context.CancellationToken)
            : await escrows.FindAnywhereAsync(id, context.CancellationToken);
        return new JsonAnswer(found ?? throw Problems.NotFound.With($"There is no escrow {id}."));
    }

    /// <summary>Ends what a crash left in the middle, and releases what is over.</summary>
    [Function(nameof(RecoverEscrows))]
    public Task RecoverEscrows([TimerTrigger("45 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        escrows.RecoverAsync(cancellationToken);

    /// <summary>Asks the provider for airtime whose end it has not told.</summary>
    [Function(nameof(RecoverAirtime))]
    public Task RecoverAirtime([TimerTrigger("50 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        escrows.RecoverAirtimeAsync(cancellationToken);

    /// <summary>Null for those who may see everybody's.</summary>
    private static string? TenantOf(FunctionContext context)
    {
        CurrentUser user = CurrentUser.Of(context);
        return user.Has(Roles.Admin) || user.Has(Roles.Auditor) ? null : user.TenantId;
    }
}
