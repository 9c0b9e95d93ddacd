namespace FinVault.Identity;

/// <summary>
/// Who may call an HTTP function: whoever has signed in, with one of these roles if any is named, or with a role that
/// grants <see cref="Permission"/>. Every HTTP function declares this or <see cref="PublicAttribute"/>; one that declares
/// neither can be called by nobody. Machines with an API key may call only functions that name a permission, and the key
/// must have it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AccessAttribute(params string[] roles) : Attribute
{
    public string[] Roles { get; } = roles;

    /// <summary>Of <see cref="Permissions"/>; null for none.</summary>
    public string? Permission { get; init; }

    internal bool Admits(CurrentUser user) =>
        (user.Scopes is null || (Permission is not null && user.Scopes.Contains(Permission)))
        && ((Roles.Length == 0 && Permission is null) || Roles.Any(user.Has)
            || (Permission is not null && user.Roles.Any(role => Permissions.Grants(role, Permission))));
}

/// <summary>Anybody may call the function, or it is a machine that the trigger's own key guards.</summary>
/// <param name="why">The reason, for whoever reviews what is public.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublicAttribute(string why) : Attribute
{
    public string Why { get; } = why;
}

/// <summary>
/// Beside access: the caller has proved who they are in the last five minutes, by signing in or by
/// <c>PUT auth/step-up</c>. For what a stolen session must not do.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StepUpAttribute : Attribute;
