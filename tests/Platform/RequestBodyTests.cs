using System.IO.Pipelines;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Platform;

/// <summary>How long a body may take.</summary>
public sealed class RequestBodyTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly Pipe _sent = new();

    [Fact]
    public async Task Body_ThatComesByteByByte_IsRefusedWhenItsTimeIsOver()
    {
        Task<MemoryStream> read = Request().ReadBytesAsync(1000, default);
        for (int second = 0; second < 29; second++)
        {
            await _sent.Writer.WriteAsync(new byte[1]);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(read.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        ProblemException late = await Assert.ThrowsAsync<ProblemException>(() => read);
        Assert.Equal(("body_too_slow", 408), (late.Problem.Code, late.Problem.Status));
    }

    [Fact]
    public async Task Body_ThatComesInTime_IsReadWhole()
    {
        Task<MemoryStream> read = Request().ReadBytesAsync(1000, default);
        _clock.Advance(TimeSpan.FromSeconds(29));
        await _sent.Writer.WriteAsync("all of it"u8.ToArray());
        await _sent.Writer.CompleteAsync();

        Assert.Equal("all of it"u8.ToArray(), (await read).ToArray());
    }

    [Fact]
    public async Task Caller_WhoGoesAway_IsNotCalledSlow()
    {
        using CancellationTokenSource gone = new();
        Task<MemoryStream> read = Request().ReadBytesAsync(1000, gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    private HttpRequest Request()
    {
        DefaultHttpContext http = new()
        {
            RequestServices = new ServiceCollection().AddSingleton<TimeProvider>(_clock).BuildServiceProvider(),
        };
        http.Request.Body = _sent.Reader.AsStream();
        return http.Request;
    }
}
