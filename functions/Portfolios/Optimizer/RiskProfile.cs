namespace FinVault.Portfolios;

/// <summary>How much an investor wants to, and can, see values move.</summary>
public enum RiskProfile
{
    Conservative,
    Cautious,
    Balanced,
    Growth,
    Aggressive,
}

/// <summary>What profiles mean for a portfolio.</summary>
public static class ProfileLimits
{
    /// <summary>A profile's goal, and the most that one asset and one sector may weigh.</summary>
    public static AllocationLimits Of(RiskProfile profile) => profile switch
    {
        RiskProfile.Conservative => new(AllocationGoal.MinimumVolatility, 0, 0.10, 0.25),
        RiskProfile.Cautious => new(AllocationGoal.TargetRisk, 0.12, 0.15, 0.30),
        RiskProfile.Balanced => new(AllocationGoal.TargetRisk, 0.16, 0.20, 0.35),
        RiskProfile.Growth => new(AllocationGoal.MaximumSharpe, 0, 0.25, 0.40),
        RiskProfile.Aggressive => new(AllocationGoal.TargetRisk, 0.25, 0.35, 0.50),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, null),
    };
}
