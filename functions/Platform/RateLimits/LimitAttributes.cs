namespace FinVault.Platform.RateLimits;

/// <summary>A limit of its own for a function, beside the tiers that hold for all; counted by address.</summary>
/// <param name="name">Functions whose limits share a name are counted together.</param>
[AttributeUsage(AttributeTargets.Method)]
public class LimitAttribute(string name, int calls, int seconds) : Attribute
{
    public string Name { get; } = name;

    public int Calls { get; } = calls;

    public int Seconds { get; } = seconds;
}

/// <summary>The limit of all routes that take a password, a code or a token: where guessing would begin.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AuthLimitAttribute() : LimitAttribute("auth", 10, 60);

/// <summary>No rate limit holds for the function, or for all of a class, but those that it takes by itself.</summary>
/// <param name="why">The reason, for whoever reviews what is open.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class UnlimitedAttribute(string why) : Attribute
{
    public string Why { get; } = why;
}
