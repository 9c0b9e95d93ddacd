namespace FinVault.Platform;

// Problems of who is calling and what they may.
public static partial class Problems
{
    public static readonly ProblemDefinition Unauthenticated = new("unauthenticated", 401, "You are not signed in");
    public static readonly ProblemDefinition InvalidToken = new("invalid_token", 401, "The token is not valid");
    public static readonly ProblemDefinition Forbidden = new("forbidden", 403, "You may not do this");
    public static readonly ProblemDefinition WeakPassword = new("weak_password", 400, "The password is too weak");
    public static readonly ProblemDefinition InvalidCredentials =
        new("invalid_credentials", 401, "The credentials are wrong");

    public static readonly ProblemDefinition InvalidCode = new("invalid_code", 401, "The code is wrong");
    public static readonly ProblemDefinition InvalidOneTimeToken =
        new("invalid_one_time_token", 400, "The link or challenge is over or was used");

    public static readonly ProblemDefinition EmailNotVerified =
        new("email_not_verified", 403, "The e-mail address is not confirmed");

    public static readonly ProblemDefinition StepUpRequired =
        new("step_up_required", 403, "Prove once more who you are");

    public static readonly ProblemDefinition SecondFactorRequired =
        new("second_factor_required", 403, "This needs a second factor");

    public static readonly ProblemDefinition SecondFactorActive =
        new("second_factor_active", 409, "A second factor is set up already");

    public static readonly ProblemDefinition UnknownSession = new("unknown_session", 404, "There is no such session");
    public static readonly ProblemDefinition UnknownTenant = new("unknown_tenant", 404, "There is no such tenant");
    public static readonly ProblemDefinition UnknownUser = new("unknown_user", 404, "There is no such user");
    public static readonly ProblemDefinition TooManyTenants = new("too_many_tenants", 409, "Too many tenants");
    public static readonly ProblemDefinition UnknownApiKey = new("unknown_api_key", 404, "There is no such API key");
    public static readonly ProblemDefinition TooManyApiKeys = new("too_many_api_keys", 409, "Too many API keys");
    public static readonly ProblemDefinition LastWayIn = new("last_way_in", 409, "It is the last way to sign in");
    public static readonly ProblemDefinition UnknownProvider =
        new("unknown_provider", 404, "There is no such way to sign in");

    public static readonly ProblemDefinition ProviderRefused =
        new("provider_refused", 401, "The provider did not confirm who you are");
}
