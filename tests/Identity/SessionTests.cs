using System.Net;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Tests.Identity;

/// <summary>A session ends when it should, whatever its tokens say.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private const string Asha = "asha@example.com";

    private IdentityApp _app = null!;
    private SessionGrant _first = null!;

    public async Task InitializeAsync()
    {
        _app = await IdentityApp.StartAsync();
        _first = await _app.NewUserAsync(Asha);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Session_WithoutRequestsForHalfAnHour_Ends()
    {
        SessionGrant next = await RefreshAsync(_first);
        _app.Clock.Jump(TimeSpan.FromMinutes(29));
        next = await RefreshAsync(next);
        _app.Clock.Jump(TimeSpan.FromMinutes(30));

        Assert.Equal("invalid_token", (await TryRefreshAsync(next)).Code);
        Assert.False(await _app.IsInAsync(next.AccessToken));
    }

    [Fact]
    public async Task Request_KeepsTheSessionAlive()
    {
        for (int minutes = 0; minutes < 14; minutes += 7)
        {
            _app.Clock.Jump(TimeSpan.FromMinutes(7));
            Assert.True(await _app.IsInAsync(_first.AccessToken));
        }

        _app.Clock.Jump(TimeSpan.FromMinutes(29));
        Assert.Equal(HttpStatusCode.OK, (await TryRefreshAsync(_first)).Status);
    }

    [Fact]
    public async Task Session_OfEightHours_EndsHoweverBusyItIs()
    {
        SessionGrant next = _first;
        DateTimeOffset end = _app.Clock.GetUtcNow() + TimeSpan.FromHours(8);
        while (_app.Clock.GetUtcNow() < end - TimeSpan.FromMinutes(20))
        {
            _app.Clock.Jump(TimeSpan.FromMinutes(20));
            if (_app.Clock.GetUtcNow() < end)
            {
                next = await RefreshAsync(next);
                Assert.InRange(next.AccessExpiresAt, _app.Clock.GetUtcNow(), end);
            }
        }

        _app.Clock.JumpTo(end);
        Assert.Equal("invalid_token", (await TryRefreshAsync(next)).Code);
    }

    [Fact]
    public async Task AccessToken_IsShortLivedAndNothingElse()
    {
        _app.Clock.Jump(TimeSpan.FromMinutes(15));

        Assert.Equal("invalid_token", (await _app.GetAsync("auth/me", _first.AccessToken)).Code);
        Assert.True(await _app.IsInAsync((await RefreshAsync(_first)).AccessToken));
        Assert.Equal("invalid_token", (await _app.GetAsync("auth/me", _first.RefreshToken)).Code);
    }

    [Fact]
    public async Task RefreshToken_ThatComesTwice_EndsTheSession()
    {
        SessionGrant thiefs = await RefreshAsync(_first);
        Assert.Equal("invalid_token", (await TryRefreshAsync(_first)).Code);

        Assert.Equal("invalid_token", (await TryRefreshAsync(thiefs)).Code);
        Assert.False(await _app.IsInAsync(thiefs.AccessToken));
        Assert.NotNull(await _app.SignInAsync(Asha));
    }

    [Fact]
    public async Task RefreshToken_SentByTwoAtOnce_ServesOneAtMost()
    {
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TryRefreshAsync(_first)));

        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.OK), 0, 1);
    }

    [Fact]
    public async Task SixthSession_EndsTheOldest()
    {
        List<SessionGrant> all = [_first];
        for (int i = 0; i < 5; i++)
        {
            _app.Clock.Advance(TimeSpan.FromSeconds(30));
            all.Add(await _app.SignInAsync(Asha));
        }

        Assert.False(await _app.IsInAsync(all[0].AccessToken));
        Assert.All(await Task.WhenAll(all.Skip(1).Select(one => _app.IsInAsync(one.AccessToken))), Assert.True);
        Page<SessionView> list = (await _app.GetAsync("auth/sessions", all[5].AccessToken)).Read<Page<SessionView>>();
        Assert.Equal(all.Skip(1).Reverse().Select(one => one.SessionId), list.Data.Select(one => one.SessionId));
        Assert.Equal(all[5].SessionId, Assert.Single(list.Data, one => one.Current).SessionId);
    }

    [Fact]
    public async Task SignIn_GivesAnIdOfItsOwnEveryTime()
    {
        Answer again = await _app.SendAsync(
            HttpMethod.Post, "auth/sign-in", new { Email = Asha, IdentityApp.Password }, _first.AccessToken,
            headers => headers.Add("Cookie", $"sid={_first.SessionId}"));

        Assert.NotEqual(_first.SessionId, again.Read<SignInAnswer>().Session!.SessionId);
    }

    [Fact]
    public async Task SignOut_DeniesTheTokenAndEndsTheSession()
    {
        Assert.Equal(
            HttpStatusCode.NoContent, (await _app.PostAsync("auth/sign-out", new { }, _first.AccessToken)).Status);

        Assert.False(await _app.IsInAsync(_first.AccessToken));
        Assert.Equal("invalid_token", (await TryRefreshAsync(_first)).Code);
        string stored = await StoredDocuments.TextAsync(_app.App);
        Assert.Contains($"DENIED_{Guard.Hash(_first.AccessToken)}", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeniedToken_IsDeniedThoughItsSessionLives()
    {
        await _app.Get<SessionGuard>().DenyAsync(_first.UserId, _first.AccessToken, default);

        Assert.False(await _app.IsInAsync(_first.AccessToken));
        // A token of the same second would be the same token.
        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await _app.IsInAsync((await RefreshAsync(_first)).AccessToken));
    }

    [Fact]
    public async Task Session_EndedFromAnother_IsOver()
    {
        SessionGrant second = await _app.SignInAsync(Asha);
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await _app.DeleteAsync($"auth/sessions/{_first.SessionId}", second.AccessToken)).Status);

        Assert.False(await _app.IsInAsync(_first.AccessToken));
        Assert.True(await _app.IsInAsync(second.AccessToken));
        Assert.Equal(
            "unknown_session", (await _app.DeleteAsync($"auth/sessions/{_first.SessionId}", second.AccessToken)).Code);
    }

    [Fact]
    public async Task EverywhereElse_IsEverySessionButThisOne()
    {
        SessionGrant second = await _app.SignInAsync(Asha);
        await _app.DeleteAsync("auth/sessions", second.AccessToken);

        Assert.False(await _app.IsInAsync(_first.AccessToken));
        Assert.True(await _app.IsInAsync(second.AccessToken));
    }

    [Fact]
    public async Task SomebodyElses_Session_IsNotThere()
    {
        SessionGrant other = await _app.NewUserAsync("harish@example.com");

        Assert.Equal(
            "unknown_session", (await _app.DeleteAsync($"auth/sessions/{_first.SessionId}", other.AccessToken)).Code);
        Assert.True(await _app.IsInAsync(_first.AccessToken));
    }

    [Fact]
    public async Task Requests_WriteTheSessionOnceAMinute()
    {
        _app.Clock.Jump(TimeSpan.FromMinutes(2));
        Assert.True(await _app.IsInAsync(_first.AccessToken));
        DateTimeOffset noted = (await SeenAsync())!.Value;
        for (int i = 0; i < 5; i++)
        {
            _app.Clock.Advance(TimeSpan.FromSeconds(10));
            await _app.IsInAsync(_first.AccessToken);
        }

        Assert.Equal(noted, await SeenAsync());
        _app.Clock.Advance(TimeSpan.FromSeconds(10));
        await _app.IsInAsync(_first.AccessToken);
        Assert.Equal(noted + TimeSpan.FromMinutes(1), await SeenAsync());
    }

    private async Task<DateTimeOffset?> SeenAsync() =>
        (await _app.Get<SessionStore>().ReadAsync(_first.UserId, default)).Single().SeenAt;

    private Task<Answer> TryRefreshAsync(SessionGrant grant) => _app.PostAsync("auth/refresh", new { grant.RefreshToken });

    private async Task<SessionGrant> RefreshAsync(SessionGrant grant) => (await TryRefreshAsync(grant)).Read<SessionGrant>();
}
