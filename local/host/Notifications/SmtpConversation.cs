using System.Text;

namespace FinVault.Local.Notifications;

/// <summary>What one client of <see cref="SmtpSink"/> says and is answered: RFC 5321, as much as a client that sends needs.</summary>
internal sealed class SmtpConversation(Stream stream, Func<IReadOnlyList<string>, byte[], Task> take)
{
    public const int MaxMailBytes = 10 * 1024 * 1024;

    // RFC 5321, 4.5.3.1: what everybody takes, and more than any mail of FinVault has.
    private const int MaxLineBytes = 1_000;
    private const int MaxReceivers = 100;

    private readonly byte[] _buffer = new byte[4_096];
    private int _next;
    private int _end;
    private readonly List<string> _receivers = [];
    private bool _hasSender;

    /// <summary>Until the client quits, leaves, or says something that is no line.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SayAsync("220 FinVault takes mail for this machine", cancellationToken);
        while (await ReadLineAsync(cancellationToken) is { } line)
        {
            string command = Encoding.ASCII.GetString(line);
            if (Is(command, "QUIT"))
            {
                await SayAsync("221 bye", cancellationToken);
                return;
            }

            await SayAsync(
                Is(command, "DATA") && _receivers.Count > 0 ? await TakeAsync(cancellationToken) : Answer(command), cancellationToken);
        }
    }

    private string Answer(string command)
    {
        if (Is(command, "EHLO"))
        {
            Forget();
            return $"250-FinVault\r\n250-8BITMIME\r\n250 SIZE {MaxMailBytes}";
        }

        if (Is(command, "HELO") || Is(command, "RSET"))
        {
            Forget();
            return "250 ok";
        }

        if (Is(command, "MAIL FROM:"))
        {
            Forget();
            _hasSender = true;
            return "250 ok";
        }

        if (Is(command, "RCPT TO:"))
        {
            return Receiver(command["RCPT TO:".Length..]);
        }

        return Is(command, "NOOP") ? "250 ok"
            : Is(command, "DATA") ? "503 to whom?"
            : "502 not here";
    }

    private string Receiver(string path)
    {
        (int start, int end) = (path.IndexOf('<', StringComparison.Ordinal), path.IndexOf('>', StringComparison.Ordinal));
        if (!_hasSender || _receivers.Count == MaxReceivers || start < 0 || end < start + 2)
        {
            return !_hasSender ? "503 from whom?" : _receivers.Count == MaxReceivers ? "452 too many" : "501 no address";
        }

        _receivers.Add(path[(start + 1)..end]);
        return "250 ok";
    }

    private async Task<string> TakeAsync(CancellationToken cancellationToken)
    {
        await SayAsync("354 end with a line that is a dot", cancellationToken);
        using MemoryStream mail = new();
        bool isTooLarge = false;
        while (await ReadLineAsync(cancellationToken) is { } line)
        {
            if (line is [(byte)'.'])
            {
                string[] receivers = [.. _receivers];
                Forget();
                if (isTooLarge)
                {
                    return "552 too large";
                }

                await take(receivers, mail.ToArray());
                return "250 taken";
            }

            // What begins with a dot has one more on the wire (4.5.2).
            isTooLarge |= mail.Length + line.Length > MaxMailBytes;
            if (!isTooLarge)
            {
                mail.Write(line is [(byte)'.', ..] ? line.AsSpan(1) : line);
                mail.Write("\r\n"u8);
            }
        }

        return "451 the end is missing";
    }

    private void Forget()
    {
        _receivers.Clear();
        _hasSender = false;
    }

    private static bool Is(string command, string verb) => command.StartsWith(verb, StringComparison.OrdinalIgnoreCase);

    private async Task SayAsync(string line, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    // Null when the client has left, or sends what is no line.
    private async Task<byte[]?> ReadLineAsync(CancellationToken cancellationToken)
    {
        List<byte> line = [];
        while (line.Count <= MaxLineBytes && await FillAsync(cancellationToken))
        {
            byte one = _buffer[_next++];
            if (one == '\n')
            {
                return [.. line is [.., (byte)'\r'] ? line[..^1] : line];
            }

            line.Add(one);
        }

        return null;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_next == _end)
        {
            (_next, _end) = (0, await stream.ReadAsync(_buffer, cancellationToken));
        }

        return _next < _end;
    }
}
