using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;

namespace FinVault.Portfolios;

/// <summary>An alert as its user sets it.</summary>
public sealed record NewAlert(
    [property: Description("above, below: the price reaches the threshold. rise, fall: by the threshold's per cent "
        + "from the lowest or highest price of the window. drawdown: an account is the threshold's per cent below its "
        + "highest close since the last one before the alert was set, whatever was paid in or out.")]
    AlertKind Kind,
    [property: Description("A price above 0, or per cent above 0, with 15 digits at most.")] decimal Threshold,
    [property: Description("Of prices; a drawdown has an account.")] string? Symbol = null,
    [property: Description("Of rise and fall: 1 to 10,080.")] int? WindowMinutes = null,
    [property: Description("Fires again once the price has gone back; else once.")] bool Rearms = false,
    [property: Description("How far it must go back: per cent of the price, or points.")] decimal? Hysteresis = null,
    [property: Description("Up to 200 characters.")] string? Note = null,
    [property: Description("Of a drawdown: one of your accounts.")] string? Account = null);

/// <summary>What is to be different; what is left out stays. A changed or resumed alert is armed again.</summary>
public sealed record AlertEdit(
    decimal? Threshold = null, int? WindowMinutes = null, bool? Rearms = null, decimal? Hysteresis = null,
    string? Note = null, bool? Paused = null);

/// <summary>Where an alert stands, for its user.</summary>
public enum AlertStatus
{
    /// <summary>It fires at the next price that fits.</summary>
    Armed,

    /// <summary>It has fired, and waits until the price has gone back.</summary>
    Fired,

    /// <summary>It has fired, and that was all.</summary>
    Done,
    Paused,
}

/// <summary>An alert.</summary>
/// <param name="Symbol">Null for a drawdown.</param>
/// <param name="Account">Of a drawdown; else null.</param>
public sealed record AlertView(
    string Id, AlertKind Kind, string? Symbol, string? Account, decimal Threshold, int? WindowMinutes, bool Rearms, decimal Hysteresis,
    string? Note, AlertStatus Status, int Firings, AlertFiring? LastFiring, DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt)
{
    internal static AlertView Of(AlertDocument alert) => new(
        alert.Id, alert.Kind, alert.Kind == AlertKind.Drawdown ? null : alert.Symbol,
        alert.Kind == AlertKind.Drawdown ? alert.Symbol : null, alert.Threshold, alert.WindowMinutes == 0 ? null : alert.WindowMinutes,
        alert.Rearms, alert.Hysteresis, alert.Note, StatusOf(alert), alert.State.Firings, alert.LastFiring,
        alert.CreatedAt, alert.At);

    private static AlertStatus StatusOf(AlertDocument alert) => alert switch
    {
        { State.Phase: AlertPhase.Done } => AlertStatus.Done,
        { IsPaused: true } => AlertStatus.Paused,
        { State.Phase: AlertPhase.Fired } => AlertStatus.Fired,
        _ => AlertStatus.Armed,
    };
}

/// <summary>A firing, as it is listed.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Symbol">Null for a drawdown.</param>
/// <param name="Account">Of a drawdown; else null.</param>
/// <param name="Condition">E.g. <c>above 2,500.00</c>.</param>
/// <param name="Firing">What fired it.</param>
public sealed record FiringView(string Alert, string? Symbol, string? Account, string Condition, AlertFiring Firing)
{
    internal static FiringView Of(FiringDocument one)
    {
        bool isOfAccount = Platform.Ids.IsValid(one.Symbol, PortfolioAccount.Prefix);
        return new(
            one.Alert, isOfAccount ? null : one.Symbol, isOfAccount ? one.Symbol : null, one.Condition, one.Firing);
    }
}

/// <summary>What a message about a firing says.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Symbol">Of the price.</param>
/// <param name="Condition">E.g. <c>above 2,500.00</c>.</param>
/// <param name="Price">The price that fired.</param>
/// <param name="At">When the exchange says that it was made.</param>
/// <param name="Late">Whether it came long after.</param>
/// <param name="DelaySeconds">How long after.</param>
/// <param name="Note">The user's own words.</param>
internal sealed record FiringTold(
    string Alert, string Symbol, string Condition, string Price, DateTimeOffset At, bool Late, long DelaySeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note)
{
    /// <summary>The account that a drawdown is of; then <c>Symbol</c> is its name, and <c>Price</c> how far it fell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Account { get; init; }

    /// <param name="alert">That fired.</param>
    /// <param name="firing">What fired it.</param>
    /// <param name="name">What users call the account; null for a price's.</param>
    public static FiringTold Of(AlertDocument alert, AlertFiring firing, string? name) => new(
        alert.Id, name ?? alert.Symbol, ConditionOf(alert), name is null ? Number(firing.Price) : Percent(firing.Level),
        firing.EventTime, firing.Late, Math.Max(0, (long)(firing.SeenAt - firing.EventTime).TotalSeconds), alert.Note)
        {
            Account = name is null ? null : alert.Symbol,
        };

    public static string ConditionOf(AlertDocument alert) => alert.Kind switch
    {
        AlertKind.Above => $"above {Number(alert.Threshold)}",
        AlertKind.Below => $"below {Number(alert.Threshold)}",
        AlertKind.Drawdown => $"down {Percent(alert.Threshold)} from its highest close",
        AlertKind.Rise => $"up {Percent(alert.Threshold)} within {Window(alert.WindowMinutes)}",
        _ => $"down {Percent(alert.Threshold)} within {Window(alert.WindowMinutes)}",
    };

    private static string Number(decimal number) => number.ToString("#,##0.00######", CultureInfo.InvariantCulture);

    private static string Percent(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture) + " %";

    private static string Window(int minutes) => minutes % 60 == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} h")
        : string.Create(CultureInfo.InvariantCulture, $"{minutes} min");
}
