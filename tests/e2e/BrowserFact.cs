using FinVault.Tests.Support;

namespace FinVault.Tests.E2e;

/// <summary>A fact that is skipped, with the reason, without Node.js (to build the web client) or Chromium.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Requires.Node ?? Requires.Chromium;
}

/// <summary>A theory that is skipped, with the reason, without Node.js or Chromium.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Requires.Node ?? Requires.Chromium;
}
