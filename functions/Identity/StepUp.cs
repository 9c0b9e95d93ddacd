using FinVault.Platform;

namespace FinVault.Identity;

/// <summary>Asking for a fresh proof before what a stolen session must not do.</summary>
public sealed class StepUp(
    AccountStore accounts, Passwords passwords, SecondFactors secondFactors, Sessions sessions, IdentityOptions options,
    TimeProvider time)
{
    /// <exception cref="ProblemException">step_up_required.</exception>
    public void Require(CurrentUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (user.ConfirmedAt is not { } at || time.GetUtcNow() - at > options.StepUpLife)
        {
            throw Problems.StepUpRequired.With(
                "Confirm by PUT auth/step-up, with a code if you have a second factor, else with your password.");
        }
    }

    /// <summary>Takes a code where a second factor is set up, else the password, and notes it on the session.</summary>
    /// <exception cref="ProblemException">invalid_code, invalid_credentials, invalid_token.</exception>
    public async Task<StepUpAnswer> ConfirmAsync(
        CurrentUser user, string? password, string? code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        Account? account = (await accounts.FindAsync(user.UserId, cancellationToken))?.Document;
        if (account is { NeedsCode: true })
        {
            if (!await secondFactors.TakeAsync(user.UserId, code ?? "", cancellationToken))
            {
                throw Problems.InvalidCode.With("The code is wrong, or was used.");
            }
        }
        else if (await passwords.CheckAsync(account?.Password, password ?? "", cancellationToken) == PasswordMatch.No)
        {
            throw Problems.InvalidCredentials.With("The password is wrong.");
        }

        DateTimeOffset now = time.GetUtcNow();
        bool shown = account is { NeedsCode: true };
        return user.SessionId is { } session && await sessions.ChangeAsync(
            user.UserId, session, found => found with { ConfirmedAt = now, Method = shown ? WithCode(found.Method) : found.Method },
            cancellationToken)
            ? new(now + options.StepUpLife)
            : throw Problems.InvalidToken.With("Sign in again.");
    }

    private static SignInMethod WithCode(SignInMethod method) => method switch
    {
        SignInMethod.Password => SignInMethod.PasswordAndCode,
        SignInMethod.Provider => SignInMethod.ProviderAndCode,
        _ => method,
    };
}

/// <summary>Until when step-up functions can be called.</summary>
public sealed record StepUpAnswer(DateTimeOffset Until);
