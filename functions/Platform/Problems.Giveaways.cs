namespace FinVault.Platform;

// Problems of giveaways, attempts, claims, draws and tasks.
public static partial class Problems
{
    public static readonly ProblemDefinition InvalidGiveaway =
        new("invalid_giveaway", 400, "The giveaway is not valid");

    public static readonly ProblemDefinition UnknownGiveaway =
        new("unknown_giveaway", 404, "There is no such giveaway");

    public static readonly ProblemDefinition TooManyGiveaways =
        new("too_many_giveaways", 409, "Too many giveaways are not over");

    public static readonly ProblemDefinition GiveawayNotOpen =
        new("giveaway_not_open", 409, "The giveaway is not open for this");

    public static readonly ProblemDefinition GiveawayFull = new("giveaway_full", 409, "As many take part as may");
    public static readonly ProblemDefinition AlreadyRegistered =
        new("already_registered", 409, "Somebody registered with this contact");

    public static readonly ProblemDefinition InvalidRegistration =
        new("invalid_registration", 400, "The registration is not valid");

    public static readonly ProblemDefinition InvalidParticipant =
        new("invalid_participant", 401, "You are not known as a participant");

    public static readonly ProblemDefinition InvalidAttempt = new("invalid_attempt", 400, "The attempt is not valid");
    public static readonly ProblemDefinition NoAttemptsLeft =
        new("no_attempts_left", 409, "You have made all of your attempts");

    public static readonly ProblemDefinition AlreadyWon = new("already_won", 409, "You have won as much as one may");
    public static readonly ProblemDefinition UnknownPrize =
        new("unknown_prize", 404, "There is no such prize of yours");

    public static readonly ProblemDefinition ClaimOver = new("claim_over", 410, "The time to claim is over");
    public static readonly ProblemDefinition UnknownDraw = new("unknown_draw", 404, "There is no such draw");
    public static readonly ProblemDefinition UnknownEntry = new("unknown_entry", 404, "There is no such entry");
    public static readonly ProblemDefinition DrawNotRevealed =
        new("draw_not_revealed", 409, "The draw has not come so far");

    public static readonly ProblemDefinition InvalidTask = new("invalid_task", 400, "The tasks are not valid");
    public static readonly ProblemDefinition UnknownTask = new("unknown_task", 404, "There is no such task");
    public static readonly ProblemDefinition UnknownCompletion =
        new("unknown_completion", 404, "There is no such completion");

    public static readonly ProblemDefinition InvalidCompletion =
        new("invalid_completion", 400, "The completion is not valid");

    public static readonly ProblemDefinition HandleTaken = new("handle_taken", 409, "The account is somebody else's");
}
