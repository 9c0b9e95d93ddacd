using FinVault.Platform;
using FinVault.Platform.OpenApi;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Identity;

/// <summary>Signing in with an account elsewhere.</summary>
public sealed class OpenIdFunctions(
    OpenIdOptions providers, OpenIdSignIn openId, Unlinking unlinking, ClientAddress addresses)
{
    [Function(nameof(ListProviders))]
    [Public("Who wants to sign in must see how.")]
    [Api("Where else one can sign in")]
    [Answers(StatusCodes.Status200OK, typeof(Page<ProviderView>), "Each by its name for `auth/oidc/{provider}`.")]
    public IActionResult ListProviders(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "auth/oidc")] HttpRequest request) =>
        new JsonAnswer(new Page<ProviderView>([.. providers.All.Select(one => new ProviderView(one.Name))]));

    [Function(nameof(StartProviderSignIn))]
    [Public("This is where one signs in.")]
    [AuthLimit]
    [Api("Begin to sign in elsewhere", Description = "Keep the binding in the browser and send the user to the address. "
        + "They come back to the page `/sign-in/callback/{provider}` of the web client with `code` and `state`.")]
    [Parameter("provider", typeof(string), "Its name.")]
    [Answers(StatusCodes.Status200OK, typeof(OpenIdStart), "Where to.")]
    [Fails(nameof(Problems.UnknownProvider), nameof(Problems.RateLimited))]
    public async Task<IActionResult> StartProviderSignIn(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/oidc/{provider}/start")] HttpRequest request,
        string provider, CancellationToken cancellation) =>
        new JsonAnswer(await openId.StartAsync(provider, cancellation));

    [Function(nameof(CompleteProviderSignIn))]
    [Public("The provider's code is the proof.")]
    [AuthLimit]
    [Api("Finish to sign in elsewhere", Description = "If an account here has the same e-mail address, the answer is an "
        + "offer to link the two, for `auth/link`, good for ten minutes.")]
    [Parameter("provider", typeof(string), "Its name.")]
    [Body(typeof(OpenIdReturn))]
    [Answers(StatusCodes.Status200OK, typeof(SignInAnswer), "Signed in, a code is needed, or an offer to link.")]
    [Fails(nameof(Problems.UnknownProvider), nameof(Problems.InvalidOneTimeToken), nameof(Problems.ProviderRefused),
        nameof(Problems.RateLimited))]
    public async Task<IActionResult> CompleteProviderSignIn(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/oidc/{provider}/complete")] HttpRequest request,
        string provider, CancellationToken cancellation)
    {
        OpenIdReturn sent = await request.ReadJsonAsync<OpenIdReturn>(SignInFunctions.MaxBodyBytes, cancellation);
        return new JsonAnswer(SessionCookie.Keep(
            request, await openId.CompleteAsync(provider, sent, addresses.Trace(request), cancellation)));
    }

    [Function(nameof(LinkAccounts))]
    [Public("The offer and the account's password are the proof.")]
    [AuthLimit]
    [Api("Consent to link the login elsewhere with the account here", Description = "Signs in too.")]
    [Body(typeof(LinkConsent))]
    [Answers(StatusCodes.Status200OK, typeof(SignInAnswer), "Linked and signed in, or a code is needed.")]
    [Fails(nameof(Problems.InvalidOneTimeToken), nameof(Problems.InvalidCredentials), nameof(Problems.RateLimited))]
    public async Task<IActionResult> LinkAccounts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/link")] HttpRequest request,
        CancellationToken cancellation)
    {
        LinkConsent sent = await request.ReadJsonAsync<LinkConsent>(SignInFunctions.MaxBodyBytes, cancellation);
        return new JsonAnswer(SessionCookie.Keep(
            request, await openId.LinkAsync(sent.LinkToken, sent.Password, addresses.Trace(request), cancellation)));
    }

    [Function(nameof(UnlinkProvider))]
    [Access]
    [StepUp]
    [Api("Sign in elsewhere no more", Description = "The last way to sign in stays.")]
    [Parameter("provider", typeof(string), "Its name.")]
    [Answers(StatusCodes.Status204NoContent, null, "It leads here no more.")]
    [Fails(nameof(Problems.UnknownProvider), nameof(Problems.LastWayIn), nameof(Problems.StepUpRequired))]
    public async Task<IActionResult> UnlinkProvider(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "auth/oidc/{provider}")] HttpRequest request,
        string provider, FunctionContext context)
    {
        await unlinking.UnlinkAsync(CurrentUser.Of(context).UserId, provider, context.CancellationToken);
        return new NoContentResult();
    }
}

/// <summary>A way to sign in.</summary>
public sealed record ProviderView(string Name);

/// <summary>What the user came back with, and what the browser had kept.</summary>
public sealed record OpenIdReturn(string Code, string State, string Binding);

/// <summary>The offer, and the password of the account here.</summary>
public sealed record LinkConsent(string LinkToken, string Password);
