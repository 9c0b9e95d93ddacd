namespace FinVault.Platform.Idempotency;

/// <summary>
/// The answer holds a secret that is shown once and kept nowhere, so it is not kept for a repeated call either: an
/// <c>Idempotency-Key</c> is ignored.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShownOnceAttribute : Attribute;
