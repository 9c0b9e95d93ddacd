using System.Text.Json;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Platform.Jobs;
using FinVault.Platform.Outbox;

namespace FinVault.Identity;

/// <summary>
/// Mails about accounts. What is ordered in the outbox names the mail and nothing more: the secret in its link is made
/// when it is sent, so that it is nowhere but in the mail. A job that is tried twice sends two good links. Warnings of what
/// was changed are notices like any other.
/// </summary>
public sealed class IdentityMails(
    AccountStore accounts, OneTimeTokens tokens, Jobs jobs, Notices notices, IdentityOptions options)
    : IOutboxHandler, IMailComposer
{
    internal const string Verify = "verify";
    internal const string AlreadyRegistered = "alreadyRegistered";
    internal const string Reset = "reset";
    internal const string PasswordChanged = "passwordChanged";
    internal const string Linked = "linked";
    internal const string Unlinked = "unlinked";
    internal const string SecondFactorChanged = "secondFactorChanged";
    internal const string CodeReused = "codeReused";

    private const string Kind = "identity.mail";

    public string Name => "identity";

    public bool Takes(string kind) => kind == Kind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        string user = message.Partition;
        string mail = message.Payload.Deserialize<MailName>(Json.Options)!.Mail;
        string? notice = mail switch
        {
            PasswordChanged => NoticeKinds.PasswordChanged,
            Linked => NoticeKinds.LoginLinked,
            Unlinked => NoticeKinds.LoginRemoved,
            SecondFactorChanged => NoticeKinds.SecondFactorChanged,
            CodeReused => NoticeKinds.CodeReused,
            _ => null,
        };
        if (notice is not null)
        {
            await notices.TellAsync(user, notice, message.Payload, message.Id, message.At, cancellationToken);
            return;
        }

        await jobs.StartAsync(
            JobKinds.Email, user, new MailOrder(Name, message.Payload), cancellationToken,
            Jobs.IdOf(message.At, message.Id));
    }

    public async Task<Mail?> ComposeAsync(
        string id, string user, JsonElement order, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(user, cancellationToken) is not { Document: var account })
        {
            return null;
        }

        string name = order.Deserialize<MailName>(Json.Options)!.Mail;
        (string subject, string text) = await ComposeAsync(name, account, cancellationToken);
        return new(id, account.Email, subject, text);
    }

    /// <summary>The outbox message that has a mail sent to a user.</summary>
    internal static OutboxMessage Order(string user, string mail, TimeProvider time) =>
        OutboxMessage.OfUser(user, Kind, new MailName(mail), time);

    private async Task<(string Subject, string Text)> ComposeAsync(
        string name, Account account, CancellationToken cancellationToken) => name switch
    {
        Verify => ("Confirm your e-mail address", $"""
            Somebody, we hope you, has registered this address with FinVault. To confirm it, open this page within
            {options.VerificationLife.TotalHours:0} hours and enter the password that you chose:

            {options.WebBaseUrl}/verify#token={await VerificationAsync(account, cancellationToken)}

            If it was not you, do nothing: without you the account cannot be used.
            """),
        AlreadyRegistered => ("You have an account already", $"""
            Somebody, perhaps you, tried to register this address with FinVault. It has an account already. Sign in:

            {options.WebBaseUrl}/sign-in

            If you have forgotten the password, ask there for a new one. If it was not you, do nothing.
            """),
        Reset => ("Set a new password", $"""
            To set a new password for FinVault, open this page within {options.ResetLife.TotalMinutes:0} minutes:

            {options.WebBaseUrl}/reset#token={await ResetAsync(account, cancellationToken)}

            If you did not ask for it, do nothing: your password stays as it is.
            """),
        _ => throw new InvalidOperationException($"There is no mail {name}."),
    };

    private Task<string> VerificationAsync(Account account, CancellationToken cancellationToken) =>
        tokens.MakeAsync(account.User, TokenPurpose.VerifyEmail, options.VerificationLife, new { }, cancellationToken);

    private Task<string> ResetAsync(Account account, CancellationToken cancellationToken) => tokens.MakeAsync(
        account.User, TokenPurpose.ResetPassword, options.ResetLife, new { Was = Guard.Hash(account.Password ?? "") },
        cancellationToken);

    private sealed record MailName(string Mail);
}
