using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Escrow;

/// <summary>A merchant's own side: profile, check, branches; and the operator who checks.</summary>
public sealed class MerchantFunctions(Merchants merchants, Branches branches)
{
    private const int MaxBodyBytes = 32 * 1024;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(GetMerchant))]
    [Access(Roles.Merchant)]
    [Api("Your merchant", Description = "With the documents that were handed in.")]
    [Answers(StatusCodes.Status200OK, typeof(MerchantView), "As it stands.")]
    [Fails(nameof(Problems.NotFound))]
    public async Task<IActionResult> GetMerchant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "merchant")] HttpRequest request,
        FunctionContext context) =>
        new JsonAnswer(await merchants.FindAsync(TenantOf(context), context.CancellationToken)
            ?? throw Problems.NotFound.With("The tenant is no merchant yet. Put a profile first."));

    [Function(nameof(PutMerchant))]
    [Access(Roles.Merchant)]
    [Api(
        "Be a merchant",
        Description = "Legal name, registration and country stay as they are from the check on. Documents come by uploads of "
            + "kind merchantDocument.")]
    [Body(typeof(MerchantProfile))]
    [Answers(StatusCodes.Status200OK, typeof(MerchantView), "As it is now.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.KycNotOpen))]
    public async Task<IActionResult> PutMerchant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "merchant")] HttpRequest request,
        FunctionContext context)
    {
        MerchantProfile profile = await request.ReadJsonAsync<MerchantProfile>(MaxBodyBytes, context.CancellationToken);
        return new JsonAnswer(await merchants.PutAsync(TenantOf(context), profile, context.CancellationToken));
    }

    [Function(nameof(SubmitMerchant))]
    [Access(Roles.Merchant)]
    [Api("Hand in for the check", Description = "The profile and the documents as they are; also again after a rejection.")]
    [Answers(StatusCodes.Status200OK, typeof(MerchantView), "It will be checked.")]
    [Fails(nameof(Problems.NotFound), nameof(Problems.KycNotOpen))]
    public async Task<IActionResult> SubmitMerchant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "merchant/kyc")] HttpRequest request,
        FunctionContext context) =>
        new JsonAnswer(await merchants.SubmitAsync(TenantOf(context), context.CancellationToken));

    [Function(nameof(ListMerchants))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("Merchants of all tenants", Description = "Newest first.")]
    [Parameter("kyc", typeof(string), "Only those whose check stands there.",
        Values = ["notSubmitted", "submitted", "approved", "rejected", "resubmitted"])]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<MerchantView>), "Merchants, without their documents.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.InvalidCursor))]
    public async Task<IActionResult> ListMerchants(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/merchants")] HttpRequest request,
        CancellationToken cancellationToken) => new JsonAnswer(await merchants.ListAsync(
            request.Choice<KycState>("kyc"), PageRequest.From(request, DefaultPage, MaxPage), cancellationToken));

    [Function(nameof(GetMerchantForReview))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("A merchant, for the check", Description = "With the documents that were handed in.")]
    [Parameter("id", typeof(string), "The merchant.")]
    [Answers(StatusCodes.Status200OK, typeof(MerchantView), "As it stands.")]
    [Fails(nameof(Problems.NotFound))]
    public async Task<IActionResult> GetMerchantForReview(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/merchants/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        MerchantView? found = Ids.IsValid(id, "MERCHANT")
            ? await merchants.FindAsync(Merchant.TenantOf(id), cancellationToken)
            : null;
        return new JsonAnswer(found ?? throw Problems.NotFound.With($"There is no merchant {id}."));
    }

    [Function(nameof(ReviewMerchant))]
    [Access(Permission = Permissions.KycReview)]
    [Api("Approve or reject a merchant", Description = "One that has handed in. A rejection says why.")]
    [Parameter("id", typeof(string), "The merchant.")]
    [Body(typeof(KycReview))]
    [Answers(StatusCodes.Status200OK, typeof(MerchantView), "As it stands now.")]
    [Fails(nameof(Problems.NotFound), nameof(Problems.InvalidRequest), nameof(Problems.KycNotOpen))]
    public async Task<IActionResult> ReviewMerchant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/merchants/{id}/review")]
        HttpRequest request,
        string id,
        FunctionContext context)
    {
        KycReview review = await request.ReadJsonAsync<KycReview>(MaxBodyBytes, context.CancellationToken);
        return new JsonAnswer(
            await merchants.ReviewAsync(id, review, CurrentUser.Of(context).UserId, context.CancellationToken));
    }

    [Function(nameof(ListBranches))]
    [Access(Roles.Merchant, Roles.BranchManager, Roles.Cashier)]
    [Api("Your branches", Description = "Newest first, closed ones too.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<Branch>), "Branches.")]
    [Fails(nameof(Problems.InvalidCursor))]
    public async Task<IActionResult> ListBranches(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "merchant/branches")] HttpRequest request,
        FunctionContext context) =>
        new JsonAnswer(await branches.ListAsync(
            TenantOf(context), PageRequest.From(request, DefaultPage, MaxPage), context.CancellationToken));

    [Function(nameof(AddBranch))]
    [Access(Permission = Permissions.BranchManage)]
    [Api("Open a branch")]
    [Body(typeof(BranchDetails))]
    [Answers(StatusCodes.Status201Created, typeof(Branch), "The branch.")]
    [Fails(nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> AddBranch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "merchant/branches")] HttpRequest request,
        FunctionContext context)
    {
        BranchDetails details = await request.ReadJsonAsync<BranchDetails>(MaxBodyBytes, context.CancellationToken);
        Branch made = await branches.AddAsync(TenantOf(context), details, context.CancellationToken);
        return new JsonAnswer(made, StatusCodes.Status201Created);
    }

    [Function(nameof(ChangeBranch))]
    [Access(Permission = Permissions.BranchManage)]
    [Api("Change a branch", Description = "Also who works there.")]
    [Parameter("id", typeof(string), "The branch.")]
    [Body(typeof(BranchDetails))]
    [Answers(StatusCodes.Status200OK, typeof(Branch), "As it is now.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.NotFound))]
    public async Task<IActionResult> ChangeBranch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "merchant/branches/{id}")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        BranchDetails details = await request.ReadJsonAsync<BranchDetails>(MaxBodyBytes, context.CancellationToken);
        return new JsonAnswer(await branches.ChangeAsync(TenantOf(context), id, details, context.CancellationToken));
    }

    [Function(nameof(CloseBranch))]
    [Access(Permission = Permissions.BranchManage)]
    [Api("Close a branch", Description = "No card is redeemed there any more.")]
    [Parameter("id", typeof(string), "The branch.")]
    [Answers(StatusCodes.Status204NoContent, null, "It is closed.")]
    [Fails(nameof(Problems.NotFound))]
    public async Task<IActionResult> CloseBranch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "merchant/branches/{id}")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        await branches.CloseAsync(TenantOf(context), id, context.CancellationToken);
        return new NoContentResult();
    }

    private static string TenantOf(FunctionContext context) => CurrentUser.Of(context).TenantId;
}
