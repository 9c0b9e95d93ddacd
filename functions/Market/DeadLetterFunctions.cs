using FinVault.Identity;
using FinVault.Market.DeadLetters;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Market;

/// <summary>For operators: the ticks that were not kept, and why.</summary>
public sealed class DeadLetterFunctions(DeadLetterStore deadLetters)
{
    [Function(nameof(ListDeadLetters))]
    [Access(Roles.Admin)]
    [Api("Ticks that were not kept", Description = "Newest first, for 30 days.")]
    [Paged(20, DeadLetterStore.MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<DeadLetter>), "Dead letters, each of one commit.")]
    public async Task<IActionResult> ListDeadLetters(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/dead-letters")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PageRequest page = PageRequest.From(request, 20, DeadLetterStore.MaxPage);
        return new JsonAnswer(await deadLetters.ListAsync(page, cancellationToken));
    }

    [Function(nameof(ReplayDeadLetter))]
    [Access(Roles.Admin)]
    [Api(
        "Send the ticks of a dead letter again",
        Description = "They meet the rules of today. Ticks that were too long to be kept whole are left out.")]
    [Parameter("shard", typeof(string), "The shard of the dead letter.")]
    [Parameter("id", typeof(string), "The id of the dead letter.")]
    [Parameter("dryRun", typeof(bool), "Only say what would be sent.", Default = false)]
    [Answers(StatusCodes.Status200OK, typeof(ReplayAnswer), "What was sent.")]
    [Fails(nameof(Problems.NotFound))]
    public async Task<IActionResult> ReplayDeadLetter(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/dead-letters/{shard}/{id}/replay")]
        HttpRequest request,
        string shard,
        string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool dryRun = request.Query["dryRun"] == "true";
        return new JsonAnswer(await deadLetters.ReplayAsync(shard, id, dryRun, cancellationToken));
    }
}
