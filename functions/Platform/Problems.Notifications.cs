namespace FinVault.Platform;

// Problems of notifications.
public static partial class Problems
{
    public static readonly ProblemDefinition UnknownNotice = new("unknown_notice", 404, "There is no such notice");
    public static readonly ProblemDefinition UnknownDevice = new("unknown_device", 404, "There is no such device");
    public static readonly ProblemDefinition TooManyDevices = new("too_many_devices", 409, "Too many devices");
    public static readonly ProblemDefinition InvalidPreferences =
        new("invalid_preferences", 400, "The preferences are not valid");

    public static readonly ProblemDefinition InvalidSubscription =
        new("invalid_subscription", 400, "The push subscription is not valid");

    public static readonly ProblemDefinition ChannelNotConfigured =
        new("channel_not_configured", 404, "The channel is not set up");

    public static readonly ProblemDefinition DeliveryRefused =
        new("delivery_refused", 422, "The message was refused for good");
}
