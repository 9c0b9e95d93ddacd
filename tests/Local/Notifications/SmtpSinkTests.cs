using System.Net.Sockets;
using System.Text;
using FinVault.Local.Notifications;
using FinVault.Notifications;
using FinVault.Platform.Resilience;
using FinVault.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace FinVault.Tests.Local.Notifications;

/// <summary>The mail server of <c>--services</c>, spoken to by the app's own client and by hand.</summary>
public sealed class SmtpSinkTests : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("finvault-mail-").FullName;
    private readonly LocalMailbox _mailbox;
    private readonly SmtpSink _sink;

    public SmtpSinkTests()
    {
        _mailbox = new LocalMailbox(Path.Combine(_folder, "mail"), AppHost.Defaults);
        _sink = new SmtpSink(_mailbox, NullLogger<SmtpSink>.Instance);
    }

    public Task InitializeAsync()
    {
        _sink.Start(0);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _sink.DisposeAsync();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Mail_OfTheAppsOwnSender_BecomesAFileThatMailProgramsOpen()
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mail:Host"] = "127.0.0.1",
            ["Mail:Port"] = $"{_sink.Port}",
            ["Mail:User"] = "",
            ["Mail:From"] = "finvault@localhost",
        }).Build();
        SmtpMailSender sender = new(
            new MailOptions(settings), new Dependencies(TimeProvider.System, NullLogger<Dependencies>.Instance));
        const string subject = "Gewonnen: ₹500 für Sie, und noch mehr, bis der Betreff über mehr als eine Zeile geht";

        await sender.SendAsync(new Mail("NOTICE_1", "asha@example.org", subject, "Hello\r\n.a line with a dot", "<p>Hello</p>"), default);

        Mail taken = Assert.Single(_mailbox.Latest);
        Assert.Equal(("asha@example.org", subject), (taken.To, taken.Subject));
        string file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "mail"), "*.eml"));
        string text = await File.ReadAllTextAsync(file);
        Assert.Contains("Message-ID: <NOTICE_1@localhost>\r\n", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("multipart/alternative", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conversation_IsThatOfRfc5321()
    {
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", _sink.Port);
        await using NetworkStream stream = client.GetStream();
        using StreamReader reader = new(stream, Encoding.ASCII);
        Assert.StartsWith("220 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
        (string Line, int Code)[] talk =
        [
            ("HELO here", 250), ("DATA", 503), ("RCPT TO:<a@b>", 503), ("MAIL FROM:<x@y>", 250), ("RCPT TO: nobody", 501),
            ("rcpt to:<a@b>", 250), ("RCPT TO:<c@d>", 250), ("NOOP", 250), ("VRFY a", 502), ("DATA", 354),
            ("Subject: s\r\n\r\n..one dot\r\n.", 250), ("DATA", 503), ("MAIL FROM:<x@y>", 250), ("RSET", 250),
            ("RCPT TO:<a@b>", 503), ("QUIT", 221),
        ];
        foreach ((string line, int code) in talk)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
            Assert.Equal((line, $"{code}"), (line, (await reader.ReadLineAsync())?[..3]));
        }

        Assert.Null(await reader.ReadLineAsync());
        Assert.Equal(["a@b", "c@d"], _mailbox.Latest.Select(mail => mail.To));
        Assert.All(_mailbox.Latest, mail => Assert.Equal("Subject: s\r\n\r\n.one dot\r\n", mail.Text));
    }

    [Fact]
    public async Task Conversation_WithALineWithoutEnd_IsOver()
    {
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", _sink.Port);
        await using NetworkStream stream = client.GetStream();
        using StreamReader reader = new(stream, Encoding.ASCII);
        await reader.ReadLineAsync();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(new string('x', 1_001)));

        Assert.Null(await reader.ReadLineAsync());
        Assert.Empty(_mailbox.Latest);
    }
}
