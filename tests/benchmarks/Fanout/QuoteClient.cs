using System.Buffers.Text;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace FinVault.Benchmarks.Fanout;

/// <summary>
/// The least of a SignalR client: JSON over a bare socket, so that one core can read hundreds of thousands of quotes a
/// second. It negotiates, connects and watches as any client does, and holds every quote's <c>prev</c> against the
/// <c>seq</c> before it. Over TLS where the address says so.
/// </summary>
internal sealed class QuoteClient(IQuoteMeter meter, int[] symbols, string watch = "Watch") : IDisposable
{
    private const byte RecordEnd = 0x1e;
    private static readonly byte[] PingFrame = FrameReader.Write(FrameReader.Text, "{\"type\":6}\u001e"u8);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly FrameReader _frames = new();
    private readonly byte[][] _names = [.. symbols.Select(s => Encoding.UTF8.GetBytes(meter.NameOf(s)))];
    private readonly long[] _seqs = new long[symbols.Length];
    private readonly TaskCompletionSource _watching = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1);
    private Stream _stream = Stream.Null;
    private byte[] _rest = [];

    /// <summary>Ends, with what was wrong, when the connection does.</summary>
    public Task Reading { get; private set; } = Task.CompletedTask;

    /// <summary>Returns when the server has said that it watches.</summary>
    public async Task ConnectAsync(HttpClient http)
    {
        using HttpResponseMessage answer = await http.PostAsync("/api/v1/realtime/negotiate", null);
        JsonElement negotiated = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        await ConnectAsync(
            new(negotiated.GetProperty("url").GetString()!), negotiated.GetProperty("accessToken").GetString()!);
    }

    /// <summary>The same, with what a negotiation brought.</summary>
    public async Task ConnectAsync(Uri url, string accessToken)
    {
        await _socket.ConnectAsync(url.Host, url.Port);
        _stream = new NetworkStream(_socket);
        if (url.Scheme is "https" or "wss")
        {
            SslStream secure = new(_stream);
            _stream = secure;
            await secure.AuthenticateAsClientAsync(url.Host);
        }

        await _stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {url.PathAndQuery}&access_token={accessToken} HTTP/1.1\r\n"
            + $"Host: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: {Convert.ToBase64String(Guid.NewGuid().ToByteArray())}\r\n\r\n"));
        Reading = ReadAsync();
        string names = string.Join(',', symbols.Select(s => $"\"{meter.NameOf(s)}\""));
        await SendAsync(
            "{\"protocol\":\"json\",\"version\":1}\u001e"
            + $$"""{"type":1,"invocationId":"1","target":"{{watch}}","arguments":[[{{names}}]]}""" + "\u001e");
        await await Task.WhenAny(_watching.Task, Reading);
    }

    /// <summary>Tells the server that the client is there, as it wants to hear every 30 s at least.</summary>
    public Task PingAsync() => WriteAsync(PingFrame);

    /// <summary>Published ticks of the watched symbols that no quote has covered yet.</summary>
    public long Outstanding()
    {
        long outstanding = 0;
        for (int i = 0; i < symbols.Length; i++)
        {
            outstanding += Math.Max(0, meter.LastSeq(symbols[i]) - Volatile.Read(ref _seqs[i]));
        }

        return outstanding;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
        _writing.Dispose();
    }

    private Task SendAsync(string text) => WriteAsync(FrameReader.Write(FrameReader.Text, Encoding.UTF8.GetBytes(text)));

    private async Task WriteAsync(byte[] frame)
    {
        // TLS takes one write at a time.
        await _writing.WaitAsync();
        try
        {
            await _stream.WriteAsync(frame);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        while (true)
        {
            int bytes = await _stream.ReadAsync(_frames.Space);
            _frames.Received(bytes);
            if (_frames.ReadHead() is { IsEmpty: false } head)
            {
                Expect(head.StartsWith("HTTP/1.1 101"u8), head);
                break;
            }

            Expect(bytes > 0, "The server closed the connection."u8);
        }

        int received;
        do
        {
            while (_frames.TryRead(out Frame frame))
            {
                Take(frame);
            }

            received = await _stream.ReadAsync(_frames.Space);
            _frames.Received(received);
        }
        while (received > 0);
        throw new IOException("The server closed the connection.");
    }

    private void Take(Frame frame)
    {
        Expect(frame.Opcode != FrameReader.Close, "The server said goodbye."u8);
        if (frame.Opcode > FrameReader.Close)
        {
            return;
        }

        // A frame may end within a record.
        ReadOnlySpan<byte> text = _rest.Length == 0 ? frame.Payload : (byte[])[.. _rest, .. frame.Payload];
        for (int end; (end = text.IndexOf(RecordEnd)) >= 0; text = text[(end + 1)..])
        {
            TakeRecord(text[..end]);
        }

        _rest = text.IsEmpty ? [] : text.ToArray();
    }

    private void TakeRecord(ReadOnlySpan<byte> record)
    {
        if (record.StartsWith("{\"type\":1,\"target\":\"quotes\""u8))
        {
            meter.Message(TakeQuotes(record, count: true), record.Length);
        }
        else if (record.StartsWith("{\"type\":1,\"target\":\"packed\""u8))
        {
            meter.Message(TakeRows(record) + TakeQuotes(record, count: true), record.Length);
        }
        else if (record.StartsWith("{\"type\":1,\"target\":\"conflated\""u8))
        {
            meter.Conflated();
        }
        else if (record.StartsWith("{\"type\":3"u8))
        {
            Expect(record.IndexOf("\"error\""u8) < 0, record);
            TakeQuotes(record, count: false);
            _watching.TrySetResult();
        }
        else
        {
            Expect(record.SequenceEqual("{}"u8) || record.StartsWith("{\"type\":"u8), record);
        }
    }

    // {"symbol":"TEST-TCS","seq":12,"prev":11,...} as often as it comes.
    private int TakeQuotes(ReadOnlySpan<byte> record, bool count)
    {
        int quotes = 0;
        for (int at; (at = record.IndexOf("{\"symbol\":\""u8)) >= 0; quotes++)
        {
            record = record[(at + 11)..];
            int index = IndexOf(record[..record.IndexOf((byte)'"')]);
            long seq = After(ref record, "\"seq\":"u8);
            long prev = After(ref record, "\"prev\":"u8);
            Note(index, prev, seq, count, record);
        }

        return quotes;
    }

    // "rows":[["TEST-TCS",12,1,...],...]: the number, and how many ticks it stands for.
    private int TakeRows(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> name = "\"rows\":["u8;
        int at = record.IndexOf(name);
        int rows = 0;
        for (record = at < 0 ? default : record[(at + name.Length)..]; record.StartsWith("[\""u8); rows++)
        {
            record = record[2..];
            int index = IndexOf(record[..record.IndexOf((byte)'"')]);
            long seq = After(ref record, "\","u8);
            long ticks = After(ref record, ","u8);
            Note(index, seq - ticks, seq, count: true, record);
            record = record[(record.IndexOf((byte)']') + 1)..];
            record = record.StartsWith(","u8) ? record[1..] : record;
        }

        return rows;
    }

    private void Note(int index, long prev, long seq, bool count, ReadOnlySpan<byte> rest)
    {
        long last = _seqs[index];
        _seqs[index] = Math.Max(last, seq);
        if (count && seq > last)
        {
            meter.Quote(symbols[index], last, prev, seq, rest);
        }
    }

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _names.Length; i++)
        {
            if (name.SequenceEqual(_names[i]))
            {
                return i;
            }
        }

        throw new InvalidDataException($"'{Encoding.UTF8.GetString(name)}' is not watched.");
    }

    private static long After(ref ReadOnlySpan<byte> record, ReadOnlySpan<byte> name)
    {
        record = record[(record.IndexOf(name) + name.Length)..];
        Expect(Utf8Parser.TryParse(record, out long number, out _), record);
        return number;
    }

    private static void Expect(bool isSo, ReadOnlySpan<byte> text)
    {
        if (!isSo)
        {
            throw new InvalidDataException($"Not expected from the server: {Encoding.UTF8.GetString(text)}");
        }
    }
}
