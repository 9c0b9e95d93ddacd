namespace FinVault.Notifications;

/// <summary>Of the safety of an account.</summary>
internal sealed class SecurityTexts : INoticeTexts
{
    private const string Forgot = "#/forgot";

    private const string NotYou = "If it was not you, set a new password at once.";

    public NoticeText? Compose(string kind, NoticeValues values) => kind switch
    {
        NoticeKinds.PasswordChanged => Warning(
            "Your password was changed", "the password of your account was changed, and all its sessions were ended"),
        NoticeKinds.LoginLinked => Warning(
            "Another way to sign in", "another way to sign in was linked to your account"),
        NoticeKinds.LoginRemoved => Warning(
            "A way to sign in was removed", "a way to sign in was removed from your account"),
        NoticeKinds.SecondFactorChanged => Warning(
            "Your second factor was changed", "the second factor of your account was set up or removed"),
        NoticeKinds.CodeReused => Warning(
            "A code was used twice",
            "a code of your second factor was sent a second time and refused: somebody may have seen it"),
        NoticeKinds.KeyEnds => new(
            "An API key ends soon",
            $"The API key {values.Text("name")} ({values.Text("prefix")}) is good until {values.Time("expiresAt")}. "
                + "Make another one, and put it in its place before then.",
            "#/security"),
        NoticeKinds.NewDevice => Warning(
            "Sign-in from a new device",
            $"somebody signed in to your account with a device that it did not know: {values.Text("device")}, "
                + $"from {values.Text("address")}, on {values.Time("at")}"),
        _ => null,
    };

    private static NoticeText Warning(string title, string what) =>
        new(title, $"This is to let you know that {what}.\n\n{NotYou}", Forgot);
}
