using System.Globalization;
using FinVault.Escrow;
using FinVault.Giveaways.Draw;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>What a plan must be like, whatever money there is. Pure.</summary>
public static class PlanRules
{
    private const int MaxTitle = 120;
    private const int MaxDescription = 2_000;
    private const int MaxTerms = 10_000;
    private const int MaxLines = 50;
    private const int MaxExpectedAttempts = 1_000_000_000;
    private static readonly TimeSpan MinDuration = TimeSpan.FromSeconds(10);

    /// <summary>The plan with an id for every line and slots where its mode has them.</summary>
    /// <exception cref="ProblemException">invalid_giveaway, naming every fault.</exception>
    public static GiveawayPlan Complete(GiveawayPlan plan, GiveawayOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(time);
        string[] faults = [.. Faults(plan, options, time.GetUtcNow())];
        if (faults.Length > 0)
        {
            throw Problems.InvalidGiveaway.With(faults[0], new Dictionary<string, object?> { ["faults"] = faults });
        }

        return plan with
        {
            Title = plan.Title.Trim(),
            Prizes = [.. plan.Prizes.Select(line => line with { Id = line.Id ?? Ids.New(Prize.Prefix, time) })],
            Slots = plan.Mode == DrawMode.SlotMachine ? plan.Slots ?? SlotPlan.Default : null,
        };
    }

    /// <summary>Everything that is wrong, in sentences.</summary>
    public static IEnumerable<string> Faults(GiveawayPlan plan, GiveawayOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        return [.. Texts(plan), .. Times(plan, options, now), .. Prizes(plan, options), .. Entry(plan, options),
            .. Slots(plan, options)];
    }

    private static IEnumerable<string> Texts(GiveawayPlan plan)
    {
        if (plan.Title.Trim().Length is < 3 or > MaxTitle || plan.Title.Any(char.IsControl))
        {
            yield return $"The title has 3 to {MaxTitle} characters.";
        }

        if (plan.Description.Length > MaxDescription)
        {
            yield return $"The description has at most {MaxDescription} characters.";
        }

        if (plan.Terms.Length > MaxTerms)
        {
            yield return $"The terms have at most {MaxTerms} characters.";
        }
    }

    private static IEnumerable<string> Times(GiveawayPlan plan, GiveawayOptions options, DateTimeOffset now)
    {
        TimeSpan duration = plan.EndsAt - plan.StartsAt;
        if (duration < MinDuration || duration > TimeSpan.FromDays(options.MaxDays))
        {
            yield return $"It lasts {MinDuration.TotalSeconds:0} seconds to {options.MaxDays} days.";
        }

        if (plan.EndsAt <= now)
        {
            yield return "It ends in the future.";
        }

        if (plan.StartsAt > now.AddDays(options.MaxDaysAhead))
        {
            yield return $"It starts within {options.MaxDaysAhead} days.";
        }

        if (plan.ClaimHours < 1 || plan.ClaimHours > options.MaxClaimHours)
        {
            yield return $"Winners have 1 to {options.MaxClaimHours} hours to claim.";
        }
    }

    private static IEnumerable<string> Prizes(GiveawayPlan plan, GiveawayOptions options)
    {
        // Quantities are summed as longs: what is too many must not overflow into what is few.
        long count = plan.Prizes.Sum(line => (long)line.Quantity);
        if (plan.Prizes.Any(line => line.Quantity < 1) || count < 1 || count > options.MaxPrizes)
        {
            yield return $"There are 1 to {options.MaxPrizes} prizes, in lines of at least one.";
        }

        if (plan.Prizes.Count > MaxLines)
        {
            yield return $"There are at most {MaxLines} lines of prizes.";
        }

        if (!Currencies.Exists(plan.Currency))
        {
            yield return "The currency is one of ISO 4217.";
        }

        foreach ((int index, PrizeLine line) in plan.Prizes.Index())
        {
            if (LineFault(line) is { } fault)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"prizes[{index}]: {fault}");
            }
        }

        string[] ids = [.. plan.Prizes.Select(line => line.Id).OfType<string>()];
        if (ids.Distinct().Count() != ids.Length)
        {
            yield return "Each line has an id of its own.";
        }
    }

    private static string? LineFault(PrizeLine line) => line switch
    {
        _ when line.Title.Trim().Length is < 1 or > MaxTitle || line.Title.Any(char.IsControl) =>
            $"The title has 1 to {MaxTitle} characters.",
        _ when line.Amount is < 1 or > TransferRequest.MaxAmount => "The amount is not possible.",
        _ when line.Kind == PrizeKind.GiftCard != Ids.IsValid(line.CardId, "CARD") =>
            "A gift card, and no other, has a card.",
        _ when line.Id is not null && !Ids.IsValid(line.Id, Prize.Prefix) => "The id is not valid.",
        _ => null,
    };

    private static IEnumerable<string> Entry(GiveawayPlan plan, GiveawayOptions options)
    {
        if (plan.MaxParticipants < 1 || plan.MaxParticipants > options.MaxParticipants)
        {
            yield return $"At most {options.MaxParticipants} can take part.";
        }

        bool slots = plan.Mode == DrawMode.SlotMachine;
        if (plan.PrizesPerParticipant < 1 || plan.PrizesPerParticipant > (slots ? options.MaxAttempts : 1))
        {
            yield return slots ? "The prizes a participant are not possible." : "A participant wins one prize.";
        }

        if (plan.RunnersUp < 0 || plan.RunnersUp > options.MaxPrizes)
        {
            yield return $"There are 0 to {options.MaxPrizes} runners-up.";
        }

        if (plan.MinPoints < 0 || (plan.MinPoints > 0 && plan.Mode != DrawMode.Condition))
        {
            yield return "Least points are for condition mode.";
        }

        if (slots && plan.Odds != DrawOdds.Equal)
        {
            yield return "In slot-machine mode all have equal odds.";
        }
    }

    private static IEnumerable<string> Slots(GiveawayPlan plan, GiveawayOptions options)
    {
        if (plan.Slots is not { } slots)
        {
            yield break;
        }

        if (plan.Mode != DrawMode.SlotMachine)
        {
            yield return "Only slot-machine mode has slots.";
        }

        if (slots.AttemptsPerParticipant < 1 || slots.AttemptsPerParticipant > options.MaxAttempts
            || slots.AttemptsPerParticipant < plan.PrizesPerParticipant)
        {
            yield return $"A participant has 1 to {options.MaxAttempts} attempts, no fewer than prizes.";
        }

        if (slots.ExpectedAttempts is < 1 or > MaxExpectedAttempts || slots.CapPercent is <= 0 or > 100
            || slots.FinalWindowSeconds < 0 || slots.FinalWindowSeconds >= (plan.EndsAt - plan.StartsAt).TotalSeconds)
        {
            yield return "The odds are not possible: expected attempts, cap and a final window within the time.";
        }
    }
}
