using FinVault.Platform;
using FinVault.Platform.OpenApi;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Identity;

/// <summary>What somebody who has signed in does about being signed in.</summary>
public sealed class SessionFunctions(
    Sessions sessions, PasswordChanges passwords, StepUp stepUp, AccountStore accounts, MembershipStore memberships,
    ClientAddress addresses)
{
    [Function(nameof(GetMe))]
    [Access]
    [Api("Who you are, where, and what you may do there")]
    [Answers(StatusCodes.Status200OK, typeof(Me), "You.")]
    public async Task<IActionResult> GetMe(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "auth/me")] HttpRequest request, FunctionContext context)
    {
        CurrentUser user = CurrentUser.Of(context);
        Account? account = (await accounts.FindAsync(user.UserId, context.CancellationToken))?.Document;
        IReadOnlyList<Membership> all = await memberships.OfUserAsync(user.UserId, context.CancellationToken);
        return new JsonAnswer(new Me(
            user.UserId, user.TenantId, [.. user.Roles.Order()],
            [.. Permissions.All.Where(one => user.Roles.Any(role => Permissions.Grants(role, one)))],
            account?.Email, account?.Password is not null, account?.NeedsCode ?? false,
            [.. (account?.Logins ?? []).Select(login => login.Provider)],
            [.. all.Select(one => new TenantView(one.Tenant, one.Name, one.Roles))], user.SessionId, user.NeedsCodeToOperate));
    }

    [Function(nameof(SignOut))]
    [Access]
    [Api("Sign out", Description = "Ends this session; its access token is good no more, anywhere.")]
    [Answers(StatusCodes.Status204NoContent, null, "Signed out.")]
    public async Task<IActionResult> SignOut(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/sign-out")] HttpRequest request,
        FunctionContext context)
    {
        await sessions.SignOutAsync(CurrentUser.Of(context), Callers.TokenOf(request)!, context.CancellationToken);
        SessionCookie.Forget(request);
        return new NoContentResult();
    }

    [Function(nameof(ListSessions))]
    [Access]
    [Api("Where you have signed in", Description = "Five at most, the latest first.")]
    [Answers(StatusCodes.Status200OK, typeof(Page<SessionView>), "Your sessions.")]
    public async Task<IActionResult> ListSessions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "auth/sessions")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(
            new Page<SessionView>(await sessions.ListAsync(CurrentUser.Of(context), context.CancellationToken)));

    [Function(nameof(EndSession))]
    [Access]
    [Api("Sign out somewhere else")]
    [Parameter("session", typeof(string), "One of yours.")]
    [Answers(StatusCodes.Status204NoContent, null, "It has ended.")]
    [Fails(nameof(Problems.UnknownSession))]
    public async Task<IActionResult> EndSession(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "auth/sessions/{session}")] HttpRequest request,
        string session, FunctionContext context)
    {
        CurrentUser user = CurrentUser.Of(context);
        IReadOnlyList<SessionView> all = await sessions.ListAsync(user, context.CancellationToken);
        if (all.All(one => one.SessionId != session))
        {
            throw Problems.UnknownSession.With("You have no such session.");
        }

        await sessions.EndAsync(user.UserId, session, context.CancellationToken);
        return new NoContentResult();
    }

    [Function(nameof(EndOtherSessions))]
    [Access]
    [Api("Sign out everywhere else")]
    [Answers(StatusCodes.Status204NoContent, null, "Only this session is left.")]
    public async Task<IActionResult> EndOtherSessions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "auth/sessions")] HttpRequest request,
        FunctionContext context)
    {
        CurrentUser user = CurrentUser.Of(context);
        await sessions.EndOthersAsync(user.UserId, user.SessionId, context.CancellationToken);
        return new NoContentResult();
    }

    [Function(nameof(ChangePassword))]
    [Access]
    [AuthLimit]
    [Api("Change the password", Description = "Ends every session and begins a new one, whose tokens are the answer. Who "
        + "has no password yet leaves out the current one.")]
    [Body(typeof(PasswordChange))]
    [Answers(StatusCodes.Status200OK, typeof(SessionGrant), "Changed; go on with these tokens.")]
    [Fails(nameof(Problems.InvalidCredentials), nameof(Problems.WeakPassword), nameof(Problems.StepUpRequired))]
    public async Task<IActionResult> ChangePassword(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "auth/password")] HttpRequest request,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        PasswordChange sent = await request.ReadJsonAsync<PasswordChange>(SignInFunctions.MaxBodyBytes, cancellation);
        SessionGrant next = await passwords.ChangeAsync(
            CurrentUser.Of(context), sent.CurrentPassword, sent.NewPassword, addresses.Trace(request), cancellation);
        return new JsonAnswer(SessionCookie.Keep(request, next));
    }

    [Function(nameof(ConfirmIdentity))]
    [Access]
    [AuthLimit]
    [Api("Prove once more who you are", Description = "For five minutes then, what asks for `step_up_required` can be "
        + "called. With a second factor a code is needed, without one the password.")]
    [Body(typeof(Proof))]
    [Answers(StatusCodes.Status200OK, typeof(StepUpAnswer), "Until when.")]
    [Fails(nameof(Problems.InvalidCredentials), nameof(Problems.InvalidCode))]
    public async Task<IActionResult> ConfirmIdentity(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "auth/step-up")] HttpRequest request,
        FunctionContext context)
    {
        Proof sent = await request.ReadJsonAsync<Proof>(SignInFunctions.MaxBodyBytes, context.CancellationToken);
        return new JsonAnswer(await stepUp.ConfirmAsync(
            CurrentUser.Of(context), sent.Password, sent.Code, context.CancellationToken));
    }
}

/// <summary>The caller.</summary>
/// <param name="Roles">In this tenant.</param>
/// <param name="Permissions">What the roles grant.</param>
/// <param name="HasPassword">False for who signs in elsewhere only.</param>
/// <param name="HasSecondFactor">Whether a code is asked for at sign-in.</param>
/// <param name="NeedsCodeToOperate">Whether the caller has an operator's role that counts once a code is shown.</param>
/// <param name="Providers">Where else the caller can sign in.</param>
/// <param name="Tenants">Where the caller has roles; switch by <c>PUT auth/tenant</c>.</param>
public sealed record Me(
    string UserId, string TenantId, IReadOnlyList<string> Roles, IReadOnlyList<string> Permissions, string? Email,
    bool HasPassword, bool HasSecondFactor, IReadOnlyList<string> Providers, IReadOnlyList<TenantView> Tenants,
    string? SessionId, bool NeedsCodeToOperate);

/// <summary>A tenant as its member sees it.</summary>
public sealed record TenantView(string TenantId, string Name, IReadOnlyList<string> Roles);

/// <param name="CurrentPassword">Left out by who has none yet.</param>
public sealed record PasswordChange(string NewPassword, string? CurrentPassword = null);

/// <summary>One of the two.</summary>
public sealed record Proof(string? Password = null, string? Code = null);
