using Microsoft.Extensions.Configuration;

namespace FinVault.Escrow;

/// <summary>The plan, and what happens when it is not paid. Each is a setting <c>Premium:Name</c> with this default.</summary>
public sealed record PremiumOptions
{
    public const string Section = "Premium";

    /// <summary>What the plan is called.</summary>
    public string Plan { get; init; } = "premium";

    /// <summary>What a month costs, in minor units: $10.00 (ESC-24).</summary>
    public long Amount { get; init; } = 1_000;

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>Days before the first payment, once for each user; 0 is none.</summary>
    public int TrialDays { get; init; }

    /// <summary>So long after the end of what is paid a subscription goes on and its payment is tried again.</summary>
    public int GraceDays { get; init; } = 7;

    /// <summary>From the first failed payment to the second; each wait after that is twice as long.</summary>
    public int RetryHours { get; init; } = 24;

    public static PremiumOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        PremiumOptions options = new();
        configuration.GetSection(Section).Bind(options);
        return options.Amount is > 0 and <= TransferRequest.MaxAmount && Currencies.Exists(options.Currency)
            && options is { TrialDays: >= 0, GraceDays: >= 0, RetryHours: > 0, Plan.Length: > 0 }
            ? options
            : throw new InvalidOperationException($"The settings {Section}__… make no plan: {options}.");
    }
}
