using FinVault.Platform;
using FinVault.Platform.OpenApi;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Identity;

/// <summary>Registering, signing in, and what to do without the password.</summary>
public sealed class SignInFunctions(
    Registration registration, SignIn signIn, Sessions sessions, PasswordChanges passwords, ClientAddress addresses)
{
    internal const int MaxBodyBytes = 8192;

    private const string SentIfPossible = "Whether there is such an account, only the mail says.";

    [Function(nameof(Register))]
    [Public("Who registers has no account yet.")]
    [AuthLimit]
    [Api("Register", Description = "The link in the mail leads to the page that calls `auth/verify`, with the token in "
        + "its fragment. The password has 12 to 128 characters of any kind and is none of the commonest.")]
    [Body(typeof(Credentials))]
    [Answers(StatusCodes.Status202Accepted, null, SentIfPossible)]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.WeakPassword), nameof(Problems.RateLimited))]
    public async Task<IActionResult> Register(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/register")] HttpRequest request,
        CancellationToken cancellation)
    {
        Credentials sent = await request.ReadJsonAsync<Credentials>(MaxBodyBytes, cancellation);
        await registration.RegisterAsync(EmailAddress.Read(sent.Email), sent.Password, cancellation);
        return new StatusCodeResult(StatusCodes.Status202Accepted);
    }

    [Function(nameof(VerifyEmail))]
    [Public("The token of the mail and the password are the proof.")]
    [AuthLimit]
    [Api("Confirm an e-mail address", Description = "Signs in too.")]
    [Body(typeof(Verification))]
    [Answers(StatusCodes.Status200OK, typeof(SignInAnswer), "Confirmed and signed in.")]
    [Fails(nameof(Problems.InvalidOneTimeToken), nameof(Problems.InvalidCredentials), nameof(Problems.RateLimited))]
    public async Task<IActionResult> VerifyEmail(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/verify")] HttpRequest request,
        CancellationToken cancellation)
    {
        Verification sent = await request.ReadJsonAsync<Verification>(MaxBodyBytes, cancellation);
        return Entered(request, await registration.VerifyAsync(
            sent.Token, sent.Password, Trace(request), cancellation));
    }

    [Function(nameof(ResendVerification))]
    [Public("Who waits for the mail cannot sign in yet.")]
    [AuthLimit]
    [Api("Send the confirmation mail again", Description = "At most five mails an hour go to one address.")]
    [Body(typeof(EmailOnly))]
    [Answers(StatusCodes.Status202Accepted, null, SentIfPossible)]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.RateLimited))]
    public async Task<IActionResult> ResendVerification(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/verify/resend")] HttpRequest request,
        CancellationToken cancellation)
    {
        EmailOnly sent = await request.ReadJsonAsync<EmailOnly>(MaxBodyBytes, cancellation);
        await registration.ResendAsync(EmailAddress.Read(sent.Email), cancellation);
        return new StatusCodeResult(StatusCodes.Status202Accepted);
    }

    [Function(nameof(SignInWithPassword))]
    [Public("This is where one signs in.")]
    [AuthLimit]
    [Api("Sign in", Description = "Ten tries a quarter of an hour for one account. With a second factor the answer is a "
        + "challenge for `auth/sign-in/code`.")]
    [Body(typeof(Credentials))]
    [Answers(StatusCodes.Status200OK, typeof(SignInAnswer), "Signed in, or a code is needed.")]
    [Fails(nameof(Problems.InvalidCredentials), nameof(Problems.EmailNotVerified), nameof(Problems.RateLimited))]
    public async Task<IActionResult> SignInWithPassword(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/sign-in")] HttpRequest request,
        CancellationToken cancellation)
    {
        Credentials sent = await request.ReadJsonAsync<Credentials>(MaxBodyBytes, cancellation);
        return Entered(request, await signIn.WithPasswordAsync(
            EmailAddress.Read(sent.Email), sent.Password, Trace(request), cancellation));
    }

    [Function(nameof(SignInWithCode))]
    [Public("The challenge shows that the password was right.")]
    [AuthLimit]
    [Api("Sign in, second step", Description = "With a code of the authenticator app, or a recovery code.")]
    [Body(typeof(CodeForChallenge))]
    [Answers(StatusCodes.Status200OK, typeof(SignInAnswer), "Signed in.")]
    [Fails(nameof(Problems.InvalidCode), nameof(Problems.InvalidOneTimeToken), nameof(Problems.RateLimited))]
    public async Task<IActionResult> SignInWithCode(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/sign-in/code")] HttpRequest request,
        CancellationToken cancellation)
    {
        CodeForChallenge sent = await request.ReadJsonAsync<CodeForChallenge>(MaxBodyBytes, cancellation);
        return Entered(request, await signIn.WithCodeAsync(sent.Challenge, sent.Code, Trace(request), cancellation));
    }

    [Function(nameof(RefreshSession))]
    [Public("The refresh token is the proof.")]
    // There is nothing to guess in 256 bits, and an office's browsers, each with some tabs, have one address.
    [Limit("refresh", 60, 60)]
    [Api("Exchange the refresh token", Description = "Each is good once. One that comes a second time was stolen from "
        + "somebody: the session ends. So a client refreshes in one place, and keeps the new pair before it uses it. A browser sends "
        + "`X-Session-Cookie: 1` here and where it signs in: then the refresh token is a cookie that no script reads.")]
    [Body(typeof(RefreshRequest))]
    [Answers(StatusCodes.Status200OK, typeof(SessionGrant), "The next pair.")]
    [Fails(nameof(Problems.InvalidToken), nameof(Problems.RateLimited))]
    public async Task<IActionResult> RefreshSession(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/refresh")] HttpRequest request,
        CancellationToken cancellation)
    {
        RefreshRequest sent = await request.ReadJsonAsync<RefreshRequest>(MaxBodyBytes, cancellation);
        string token = SessionCookie.Read(request, sent.RefreshToken);
        return new JsonAnswer(SessionCookie.Keep(request, await sessions.RefreshAsync(token, cancellation)));
    }

    [Function(nameof(ForgotPassword))]
    [Public("Who has forgotten the password cannot sign in.")]
    [AuthLimit]
    [Api("Send a link that sets a new password")]
    [Body(typeof(EmailOnly))]
    [Answers(StatusCodes.Status202Accepted, null, SentIfPossible)]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.RateLimited))]
    public async Task<IActionResult> ForgotPassword(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/password/forgot")] HttpRequest request,
        CancellationToken cancellation)
    {
        EmailOnly sent = await request.ReadJsonAsync<EmailOnly>(MaxBodyBytes, cancellation);
        await passwords.ForgotAsync(EmailAddress.Read(sent.Email), cancellation);
        return new StatusCodeResult(StatusCodes.Status202Accepted);
    }

    [Function(nameof(ResetPassword))]
    [Public("The token of the mail is the proof.")]
    [AuthLimit]
    [Api("Set a new password by the link of a mail", Description = "Ends every session. Then sign in.")]
    [Body(typeof(PasswordReset))]
    [Answers(StatusCodes.Status204NoContent, null, "It is set.")]
    [Fails(nameof(Problems.InvalidOneTimeToken), nameof(Problems.WeakPassword), nameof(Problems.RateLimited))]
    public async Task<IActionResult> ResetPassword(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/password/reset")] HttpRequest request,
        CancellationToken cancellation)
    {
        PasswordReset sent = await request.ReadJsonAsync<PasswordReset>(MaxBodyBytes, cancellation);
        await passwords.ResetAsync(sent.Token, sent.NewPassword, cancellation);
        return new NoContentResult();
    }

    private static JsonAnswer Entered(HttpRequest request, SignInAnswer answer) =>
        new(SessionCookie.Keep(request, answer));

    private ClientTrace Trace(HttpRequest request) => addresses.Trace(request);
}

/// <summary>An e-mail address and a password.</summary>
public sealed record Credentials(string Email, string Password);

public sealed record EmailOnly(string Email);

/// <summary>The token of the mail, and the password that was registered with it.</summary>
public sealed record Verification(string Token, string Password);

public sealed record CodeForChallenge(string Challenge, string Code);

/// <param name="RefreshToken">Left out by a browser whose cookie it is.</param>
public sealed record RefreshRequest(string? RefreshToken = null);

public sealed record PasswordReset(string Token, string NewPassword);
