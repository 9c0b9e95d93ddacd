using FinVault.Market.DeadLetters;
using FinVault.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Market;

/// <summary>For operators: the ticks that were not kept, and why.</summary>
public sealed class DeadLetterFunctions(DeadLetterStore deadLetters)
{
    [Function(nameof(ListDeadLetters))]
    public async Task<IActionResult> ListDeadLetters(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "operations/dead-letters")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PageRequest page = PageRequest.From(request, 20, DeadLetterStore.MaxPage);
        return new JsonAnswer(await deadLetters.ListAsync(page, cancellationToken));
    }

    [Function(nameof(ReplayDeadLetter))]
    public async Task<IActionResult> ReplayDeadLetter(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/dead-letters/{shard}/{id}/replay")]
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
