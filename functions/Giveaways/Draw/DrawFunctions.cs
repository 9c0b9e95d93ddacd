using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Giveaways.Draw;

/// <summary>What everybody may know of a draw, to check it without trusting anybody. docs/draw.md says how.</summary>
public sealed class DrawFunctions(Draws draws, AnswerCache answers)
{
    private const string Why = "A draw is for everybody to check.";

    [Function(nameof(GetDraw))]
    [Public(Why)]
    [Api("A giveaway's draw",
        Description = "`state` is `committed` (rules and commitment), `closed` (also the entries' root and count), or "
            + "`revealed` (the whole record: seed, entries, winners with their proofs). docs/draw.md describes the scheme.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(DrawRecord), "The record; before the reveal only what is public already.")]
    [Fails(nameof(Problems.UnknownDraw))]
    public async Task<IActionResult> GetDraw(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "public/giveaways/{id}/draw")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => await answers.GetAsync(
            request,
            async token =>
            {
                DrawNotice notice = await NoticeAsync(id, token);
                bool isRevealed = notice.State == DrawState.Revealed;
                return (isRevealed ? await RecordAsync(id, token) : notice, isRevealed);
            },
            cancellationToken);

    [Function(nameof(VerifyDraw))]
    [Public(Why)]
    [Api("Check a giveaway's draw",
        Description = "Computes everything anew, from the commitment to each winner's proof. For a check that does not "
            + "trust this server, take the record to `verify-draw` or to the giveaway's page.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(VerifyReport), "Every step with its inputs and its outcome.")]
    [Fails(nameof(Problems.UnknownDraw), nameof(Problems.DrawNotRevealed))]
    public async Task<IActionResult> VerifyDraw(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "public/giveaways/{id}/draw/verify")]
        HttpRequest request,
        string id,
        CancellationToken cancellationToken) => await answers.GetAsync(
            request,
            async token =>
            {
                DrawNotice notice = await NoticeAsync(id, token);
                return (ProvableDraw.Verify(await RecordAsync(id, token), notice), true);
            },
            cancellationToken);

    [Function(nameof(GetDrawEntry))]
    [Public(Why)]
    [Api("An entry's place in the draw",
        Description = "From the close on, before the beacon's round is known: its leaf and the path to the published root.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Parameter("entry", typeof(string), "The entry; a participant's id.")]
    [Answers(StatusCodes.Status200OK, typeof(EntryInclusion), "The entry and its proof.")]
    [Fails(nameof(Problems.UnknownDraw), nameof(Problems.DrawNotRevealed), nameof(Problems.UnknownEntry))]
    public async Task<IActionResult> GetDrawEntry(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "public/giveaways/{id}/draw/entries/{entry}")]
        HttpRequest request,
        string id,
        string entry,
        CancellationToken cancellationToken) => await answers.GetAsync(
            request,
            async token =>
            {
                DrawNotice notice = await NoticeAsync(id, token);
                EntryInclusion inclusion = notice.State == DrawState.Committed
                    ? throw Problems.DrawNotRevealed.With("Entries are still taken.")
                    : await draws.InclusionAsync(id, entry, token)
                        ?? throw Problems.UnknownEntry.With($"{entry} is not among the entries.");
                return (inclusion, true);
            },
            cancellationToken);

    private async Task<DrawNotice> NoticeAsync(string id, CancellationToken cancellationToken) =>
        (DrawScheme.IsId(id) ? await draws.NoticeAsync(id, cancellationToken) : null)
            ?? throw Problems.UnknownDraw.With($"There is no draw of a giveaway {id}.");

    private async Task<DrawRecord> RecordAsync(string id, CancellationToken cancellationToken) =>
        await draws.RecordAsync(id, cancellationToken)
            ?? throw Problems.DrawNotRevealed.With("The seed is not revealed yet: there is only a commitment so far.");
}
