using System.Globalization;

namespace FinVault.Local.Feed;

/// <summary>Shows how far a replay is: one line that rewrites itself, or a line now and then into a file.</summary>
internal sealed class ReplayProgress(bool shown, TimeProvider time)
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Redirected = TimeSpan.FromSeconds(5);

    private readonly long _started = time.GetTimestamp();
    private long _reported = time.GetTimestamp();

    public void Report(long sent, DateTime eventTime)
    {
        bool redirected = !shown || Console.IsOutputRedirected;
        if (shown && time.GetElapsedTime(_reported) >= (redirected ? Redirected : OnTerminal))
        {
            _reported = time.GetTimestamp();
            Write(sent, eventTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture), redirected);
        }
    }

    public void Done(long sent)
    {
        if (shown)
        {
            Write(sent, "all consumed", redirected: true);
        }
    }

    private void Write(long sent, string what, bool redirected)
    {
        double seconds = Math.Max(time.GetElapsedTime(_started).TotalSeconds, 0.001);
        string line = string.Create(
            CultureInfo.InvariantCulture, $"replay  {sent,10:N0} ticks  {sent / seconds,8:N0}/s  {what}");
        Console.Write(redirected ? line + Environment.NewLine : $"\r{line,-78}");
    }
}
