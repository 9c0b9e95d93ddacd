using System.Globalization;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Escrow;

/// <summary>The marketplace of cards for hosts, and a merchant's own cards.</summary>
public sealed class CardFunctions(CardCatalogue cards, CardDesk desk)
{
    private const int MaxBodyBytes = 16 * 1024;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(ListCards))]
    [Access]
    [Api("Cards of all merchants", Description = "What hosts can have, with how many are left; newest first.")]
    [Parameter("currency", typeof(string), "Only in this currency, ISO 4217.")]
    [Parameter("denomination", typeof(long), "Only those worth this, in minor units.", Minimum = 1)]
    [Parameter("merchant", typeof(string), "Only this merchant's.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<CardView>), "Cards.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.InvalidCursor))]
    public async Task<IActionResult> ListCards(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "cards")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        string? worth = Given(request, "denomination");
        long denomination = 0;
        if (worth is not null && !long.TryParse(worth, NumberStyles.None, CultureInfo.InvariantCulture, out denomination))
        {
            throw Problems.InvalidRequest.With("denomination is a whole number of minor units.");
        }

        CardFilter only = new(
            Given(request, "currency"), worth is null ? null : denomination, Given(request, "merchant"));
        return new JsonAnswer(await cards.ListAsync(
            only, PageRequest.From(request, DefaultPage, MaxPage), cancellationToken));
    }

    [Function(nameof(GetCard))]
    [Access]
    [Api("A card")]
    [Parameter("id", typeof(string), "The card.")]
    [Answers(StatusCodes.Status200OK, typeof(CardView), "As it stands.")]
    [Fails(nameof(Problems.NotFound))]
    public async Task<IActionResult> GetCard(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "cards/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        new JsonAnswer(await cards.FindAsync(id, cancellationToken)
            ?? throw Problems.NotFound.With($"There is no card {id}."));

    [Function(nameof(ListMerchantCards))]
    [Access(Roles.Merchant)]
    [Api("Your cards", Description = "Withdrawn ones too; newest first.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<CardView>), "Cards.")]
    [Fails(nameof(Problems.InvalidCursor))]
    public async Task<IActionResult> ListMerchantCards(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "merchant/cards")] HttpRequest request,
        FunctionContext context)
    {
        CardFilter only = new(MerchantId: Merchant.IdOf(CurrentUser.Of(context).TenantId), IncludeWithdrawn: true);
        return new JsonAnswer(await cards.ListAsync(
            only, PageRequest.From(request, DefaultPage, MaxPage), context.CancellationToken));
    }

    [Function(nameof(AddCard))]
    [Access(Roles.Merchant)]
    [Api("Offer a card", Description = "Only an approved merchant. With the same id it is made once.")]
    [Body(typeof(NewCard))]
    [Answers(StatusCodes.Status201Created, typeof(CardView), "The card.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.MerchantNotApproved), nameof(Problems.DifferentContent))]
    public async Task<IActionResult> AddCard(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "merchant/cards")] HttpRequest request,
        FunctionContext context)
    {
        NewCard wanted = await request.ReadJsonAsync<NewCard>(MaxBodyBytes, context.CancellationToken);
        CardView made = await desk.AddAsync(CurrentUser.Of(context).TenantId, wanted, context.CancellationToken);
        return new JsonAnswer(made, StatusCodes.Status201Created);
    }

    [Function(nameof(ChangeCard))]
    [Access(Roles.Merchant)]
    [Api("Change a card", Description = "Not what it is worth. What is left out stays. A withdrawn card takes no new prizes.")]
    [Parameter("id", typeof(string), "The card.")]
    [Body(typeof(CardChange))]
    [Answers(StatusCodes.Status200OK, typeof(CardView), "As it is now.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.NotFound), nameof(Problems.MerchantNotApproved))]
    public async Task<IActionResult> ChangeCard(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "merchant/cards/{id}")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        CardChange change = await request.ReadJsonAsync<CardChange>(MaxBodyBytes, context.CancellationToken);
        return new JsonAnswer(
            await desk.ChangeAsync(CurrentUser.Of(context).TenantId, id, change, context.CancellationToken));
    }

    [Function(nameof(ChangeCardStock))]
    [Access(Roles.Merchant)]
    [Api("Deliver or remove cards", Description = "Once for its id. Nothing is removed that prizes are reserved from.")]
    [Parameter("id", typeof(string), "The card.")]
    [Body(typeof(StockRequest))]
    [Answers(StatusCodes.Status200OK, typeof(CardView), "As it is now.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.NotFound), nameof(Problems.StockTooLow))]
    public async Task<IActionResult> ChangeCardStock(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "merchant/cards/{id}/stock")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        StockRequest change = await request.ReadJsonAsync<StockRequest>(MaxBodyBytes, context.CancellationToken);
        return new JsonAnswer(
            await desk.CountAsync(CurrentUser.Of(context).TenantId, id, change, context.CancellationToken));
    }

    private static string? Given(HttpRequest request, string name) =>
        request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}
