namespace FinVault.Identity;

/// <summary>
/// Who may call an HTTP function: whoever has signed in, with one of these roles if any is named. Every HTTP function
/// declares this or <see cref="PublicAttribute"/>; one that declares neither can be called by nobody.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AccessAttribute(params string[] roles) : Attribute
{
    public string[] Roles { get; } = roles;
}

/// <summary>Anybody may call the function, or it is a machine that the trigger's own key guards.</summary>
/// <param name="why">The reason, for whoever reviews what is public.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublicAttribute(string why) : Attribute
{
    public string Why { get; } = why;
}
