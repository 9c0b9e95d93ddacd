using System.Text.Json;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Platform.Outbox;

namespace FinVault.Identity;

/// <summary>
/// Mails about accounts. What is ordered in the outbox names the mail and nothing more: the secret in its link is made
/// when it is sent, so that it is nowhere but in the mail. A message that comes twice sends two good links.
/// </summary>
public sealed class IdentityMails(
    AccountStore accounts, OneTimeTokens tokens, IMailSender sender, IdentityOptions options) : IOutboxHandler
{
    internal const string Verify = "verify";
    internal const string AlreadyRegistered = "alreadyRegistered";
    internal const string Reset = "reset";
    internal const string PasswordChanged = "passwordChanged";
    internal const string Linked = "linked";
    internal const string Unlinked = "unlinked";
    internal const string SecondFactorChanged = "secondFactorChanged";

    private const string Kind = "identity.mail";

    public bool Takes(string kind) => kind == Kind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (await accounts.FindAsync(message.Partition, cancellationToken) is not { Document: var account })
        {
            return;
        }

        string name = message.Payload.Deserialize<MailOrder>(Json.Options)!.Mail;
        (string subject, string text) = await ComposeAsync(name, account, cancellationToken);
        await sender.SendAsync(new(message.Id, account.Email, subject, text), cancellationToken);
    }

    /// <summary>The outbox message that has a mail sent to a user.</summary>
    internal static OutboxMessage Order(string user, string mail, TimeProvider time) =>
        OutboxMessage.OfUser(user, Kind, new MailOrder(mail), time);

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
        PasswordChanged => ("Your password was changed", Warning("the password of your account was changed, and all its sessions were ended")),
        Linked => ("Another way to sign in", Warning("another way to sign in was linked to your account")),
        Unlinked => ("A way to sign in was removed", Warning("a way to sign in was removed from your account")),
        SecondFactorChanged => ("Your second factor was changed", Warning("the second factor of your account was set up or removed")),
        _ => throw new InvalidOperationException($"There is no mail {name}."),
    };

    private string Warning(string what) =>
        $"This is to let you know that {what}.\n\nIf it was not you, set a new password at once:\n\n{options.WebBaseUrl}/forgot\n";

    private Task<string> VerificationAsync(Account account, CancellationToken cancellationToken) =>
        tokens.MakeAsync(account.User, TokenPurpose.VerifyEmail, options.VerificationLife, new { }, cancellationToken);

    private Task<string> ResetAsync(Account account, CancellationToken cancellationToken) => tokens.MakeAsync(
        account.User, TokenPurpose.ResetPassword, options.ResetLife, new { Was = Guard.Hash(account.Password ?? "") },
        cancellationToken);

    private sealed record MailOrder(string Mail);
}
