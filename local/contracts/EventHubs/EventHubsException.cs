// The real assembly is not annotated for nullability.
#nullable disable

namespace Azure.Messaging.EventHubs;

public class EventHubsException : Exception
{
    public EventHubsException(bool isTransient, string eventHubName, string message, FailureReason reason)
        : base(message)
    {
        IsTransient = isTransient;
        EventHubName = eventHubName;
        Reason = reason;
    }

    public enum FailureReason
    {
        GeneralError = 0,
        ClientClosed = 1,
        ConsumerDisconnected = 2,
        ResourceNotFound = 3,
        MessageSizeExceeded = 4,
        QuotaExceeded = 5,
        ServiceBusy = 6,
        ServiceTimeout = 7,
        ServiceCommunicationProblem = 8,
        ProducerDisconnected = 9,
        InvalidClientState = 10,
    }

    public bool IsTransient { get; }

    public FailureReason Reason { get; }

    public string EventHubName { get; }
}
