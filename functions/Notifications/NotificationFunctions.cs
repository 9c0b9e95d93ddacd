using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Notifications;

/// <summary>Which notices a list has.</summary>
public enum NoticeFilter
{
    All,
    Unread,
}

/// <summary>How many notices are unread.</summary>
public sealed record UnreadCount(int Unread);

/// <summary>How many notices were marked.</summary>
public sealed record MarkedCount(int Marked);

/// <summary>The caller's notices, and what they want to be told.</summary>
public sealed class NotificationFunctions(NoticeStore notices, PreferenceStore preferences)
{
    private const int DefaultPage = 20;
    private const int MaxPage = 100;
    private const int MaxBodyBytes = 32 * 1024;

    [Function(nameof(ListNotices))]
    [Access]
    [Api("Your notices", Description = "Newest first; kept for 90 days, and 500 at most. New ones come on the live "
        + "connection as `notice`, perhaps twice: show an id once.")]
    [Parameter("show", typeof(NoticeFilter), "All, or only unread ones.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<Notice>), "Notices.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.InvalidCursor))]
    public async Task<IActionResult> ListNotices(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "notifications")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(await notices.ListAsync(
            CurrentUser.Of(context).UserId, request.Choice<NoticeFilter>("show") == NoticeFilter.Unread,
            PageRequest.From(request, DefaultPage, MaxPage), context.CancellationToken));

    [Function(nameof(CountUnreadNotices))]
    [Access]
    [Api("How many notices are unread")]
    [Answers(StatusCodes.Status200OK, typeof(UnreadCount), "The number.")]
    public async Task<IActionResult> CountUnreadNotices(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "notifications/unread")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(new UnreadCount(
            await notices.UnreadAsync(CurrentUser.Of(context).UserId, context.CancellationToken)));

    [Function(nameof(ReadNotice))]
    [Access]
    [Api("Mark a notice as read")]
    [Parameter("notice", typeof(string), "Its id.")]
    [Answers(StatusCodes.Status200OK, typeof(Notice), "The notice as it is now.")]
    [Fails(nameof(Problems.UnknownNotice))]
    public async Task<IActionResult> ReadNotice(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "notifications/{notice}/read")] HttpRequest request,
        string notice, FunctionContext context) => new JsonAnswer(
            (Ids.IsValid(notice, Notice.Prefix)
                ? await notices.ReadAsync(CurrentUser.Of(context).UserId, notice, context.CancellationToken)
                : null)
            ?? throw Problems.UnknownNotice.With("You have no such notice."));

    [Function(nameof(ReadAllNotices))]
    [Access]
    [Api("Mark all notices as read", Description = "Those that are there now.")]
    [Answers(StatusCodes.Status200OK, typeof(MarkedCount), "How many were unread.")]
    public async Task<IActionResult> ReadAllNotices(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "notifications/read")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(new MarkedCount(
            await notices.ReadAllAsync(CurrentUser.Of(context).UserId, context.CancellationToken)));

    [Function(nameof(GetNoticePreferences))]
    [Access]
    [Api("What you are told", Description = "Every kind with its channels. Locked ones cannot be switched off.")]
    [Answers(StatusCodes.Status200OK, typeof(PreferencesView), "Your preferences.")]
    public async Task<IActionResult> GetNoticePreferences(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "notifications/preferences")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(
            (await preferences.ReadAsync(CurrentUser.Of(context).UserId, context.CancellationToken)).View());

    [Function(nameof(SetNoticePreferences))]
    [Access]
    [Api("Set what you are told", Description = "In quiet hours, only what matters much reaches out; the rest is held until "
        + "they end. What is about your account's safety is never held, and cannot be switched off.")]
    [Body(typeof(PreferencesRequest))]
    [Answers(StatusCodes.Status200OK, typeof(PreferencesView), "Your preferences.")]
    [Fails(nameof(Problems.InvalidPreferences))]
    public async Task<IActionResult> SetNoticePreferences(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "notifications/preferences")] HttpRequest request,
        FunctionContext context)
    {
        Preferences wanted = Preferences.Checked(
            await request.ReadJsonAsync<PreferencesRequest>(MaxBodyBytes, context.CancellationToken));
        await preferences.WriteAsync(CurrentUser.Of(context).UserId, wanted, context.CancellationToken);
        return new JsonAnswer(wanted.View());
    }
}
