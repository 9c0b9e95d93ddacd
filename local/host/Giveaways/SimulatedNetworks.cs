using System.Collections.Concurrent;
using System.Globalization;
using FinVault.Giveaways;

namespace FinVault.Local.Giveaways;

/// <summary>
/// Stands in for social networks. How it behaves is in the handle: <c>asha</c> has done everything, <c>never-asha</c>
/// nothing, <c>slow90-asha</c> is told of after 90 seconds, <c>flaky2-asha</c> fails twice before, <c>new-asha</c> is an
/// account made yesterday, <c>undo-asha</c> has done it when asked first, and not when asked again.
/// </summary>
internal sealed class SimulatedNetworks(TimeProvider time) : ISocialProvider
{
    private static readonly SocialAccount Usual = new(900, 240, 180, 350, true);

    private readonly ConcurrentDictionary<string, (DateTimeOffset First, int Times)> _asked = new(StringComparer.Ordinal);

    public Task<SocialVerdict> CheckAsync(SocialCheck check, CancellationToken cancellationToken)
    {
        (DateTimeOffset first, int times) = _asked.AddOrUpdate(
            check.Reference, _ => (time.GetUtcNow(), 1), (_, before) => (before.First, before.Times + 1));
        return Task.FromResult(check.Handle.Split('-', 2) is [var manner, _]
            ? Behave(manner, check, time.GetUtcNow() - first, times)
            : new(SocialState.Done, Usual));
    }

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(
        "/dev/social/checks", static (SocialCheck check, ISocialProvider networks, CancellationToken cancellationToken) =>
            networks.CheckAsync(check, cancellationToken));

    private static SocialVerdict Behave(string manner, SocialCheck check, TimeSpan since, int times)
    {
        int number = int.TryParse(manner.AsSpan().TrimStart("abcdefghijklmnopqrstuvwxyz"), CultureInfo.InvariantCulture, out int given)
            ? given : 0;
        return manner.TrimEnd("0123456789".ToCharArray()) switch
        {
            "never" => new(SocialState.NotDone, Usual, $"{check.Target} does not know {check.Handle}."),
            "slow" when since < TimeSpan.FromSeconds(number) => new(SocialState.Pending),
            "flaky" when times <= number => throw new HttpRequestException("The simulated network is out of order."),
            "new" => new(SocialState.Done, new(1, 0, 800, 0, false)),
            "undo" when check.Reference.EndsWith("-again", StringComparison.Ordinal) => new(SocialState.NotDone, Usual),
            _ => new(SocialState.Done, Usual),
        };
    }
}
