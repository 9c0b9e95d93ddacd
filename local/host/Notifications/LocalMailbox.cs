using System.Net.Mail;
using System.Text;
using System.Text.RegularExpressions;
using FinVault.Local.Hosting;
using FinVault.Local.Identity;
using FinVault.Notifications;
using FinVault.Platform;

namespace FinVault.Local.Notifications;

/// <summary>
/// Takes mail in the place of a mail server: each becomes a file in the data folder, under <c>mail/</c>, that any mail
/// program opens. The latest are also at <c>/dev/mail</c>.
/// </summary>
public sealed partial class LocalMailbox(string? folder, LocalHostOptions options) : IMailSender
{
    private const string From = "FinVault <finvault@localhost>";
    private const int MaxKept = 200;

    private readonly Lock _gate = new();
    private readonly List<Mail> _latest = [];

    /// <summary>The latest mails, oldest first.</summary>
    public IReadOnlyList<Mail> Latest
    {
        get
        {
            lock (_gate)
            {
                return [.. _latest];
            }
        }
    }

    public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mail);
        Keep(mail, folder is null ? null : await WriteAsync(mail, folder, cancellationToken));
    }

    /// <summary>Takes a mail as it is on the wire (RFC 5322), of a program that knows this one as its mail server.</summary>
    public async Task TakeAsync(string to, byte[] text, CancellationToken cancellationToken)
    {
        string id = Ids.New("MAIL", options.Time);
        string? file = folder is null ? null : Path.Combine(Directory.CreateDirectory(folder).FullName, $"{id}.eml");
        await (file is null ? Task.CompletedTask : File.WriteAllBytesAsync(file, text, cancellationToken));
        string mail = Encoding.UTF8.GetString(text);
        Keep(new Mail(id, to, SubjectOf(mail), mail), file);
    }

    private void Keep(Mail mail, string? file)
    {
        lock (_gate)
        {
            _latest.Add(mail);
            if (_latest.Count > MaxKept)
            {
                _latest.RemoveAt(0);
            }
        }

        if (options.Console)
        {
            Console.WriteLine($"  Mail       to {mail.To}: {mail.Subject} ({file ?? "/dev/mail"})");
        }
    }

    // A subject may be folded over lines, and its words encoded (RFC 2047); whole words follow each other without a space.
    private static string SubjectOf(string mail)
    {
        string head = Folded().Replace(mail.Split("\r\n\r\n", 2)[0], " ");
        string? line = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Subject:", StringComparison.OrdinalIgnoreCase));
        string subject = line?["Subject:".Length..].Trim() ?? "";
        return EncodedWords().Replace(
            subject.Replace("?= =?", "?==?", StringComparison.Ordinal),
            words => Encoding.UTF8.GetString(
                [.. words.Groups["bytes"].Captures.SelectMany(word => Convert.FromBase64String(word.Value))]));
    }

    [GeneratedRegex("\\r\\n[ \\t]+")]
    private static partial Regex Folded();

    // What is no whole base64 is left as it came.
    [GeneratedRegex(@"(?:=\?(?i:utf-8\?b)\?(?<bytes>(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)\?=)+")]
    private static partial Regex EncodedWords();

    internal void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/dev/mail", (HttpContext http, string? to) =>
        DemoUsers.IsHere(http)
            ? Results.Json(Latest.Where(mail => to is null || mail.To == to).Reverse(), Json.Options)
            : Results.NotFound());

    // The platform's own client writes the file, under a name of its own; ours sorts and does not change when it is repeated.
    private static async Task<string> WriteAsync(Mail mail, string folder, CancellationToken cancellationToken)
    {
        string pickup = Path.Combine(folder, "new");
        Directory.CreateDirectory(pickup);
        using MailMessage message = MailText.ToMessage(mail, From);
        using SmtpClient client = new()
        {
            DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory,
            PickupDirectoryLocation = Directory.CreateDirectory(Path.Combine(pickup, mail.Id)).FullName,
        };
        await client.SendMailAsync(message, cancellationToken);
        string file = Path.Combine(folder, $"{mail.Id}.eml");
        File.Move(Directory.GetFiles(client.PickupDirectoryLocation)[0], file, overwrite: true);
        Directory.Delete(client.PickupDirectoryLocation, recursive: true);
        return file;
    }
}
