using System.Net.Mail;
using FinVault.Local.Hosting;
using FinVault.Local.Identity;
using FinVault.Notifications;
using FinVault.Platform;

namespace FinVault.Local.Notifications;

/// <summary>
/// Takes mail in the place of a mail server: each becomes a file in the data folder, under <c>mail/</c>, that any mail
/// program opens. The latest are also at <c>/dev/mail</c>.
/// </summary>
public sealed class LocalMailbox(string? folder, LocalHostOptions options) : IMailSender
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
        lock (_gate)
        {
            _latest.Add(mail);
            if (_latest.Count > MaxKept)
            {
                _latest.RemoveAt(0);
            }
        }

        string where = folder is null ? "/dev/mail" : await WriteAsync(mail, folder, cancellationToken);
        if (options.Console)
        {
            Console.WriteLine($"  Mail       to {mail.To}: {mail.Subject} ({where})");
        }
    }

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
