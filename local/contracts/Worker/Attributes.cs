namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions
{
    [AttributeUsage(AttributeTargets.Method)]
    public abstract class BindingAttribute : Attribute
    {
        public BindingAttribute()
        {
        }
    }

    [AttributeUsage(AttributeTargets.Parameter)]
    public abstract class TriggerBindingAttribute : BindingAttribute
    {
        public TriggerBindingAttribute()
        {
        }
    }

    [AttributeUsage(AttributeTargets.Parameter)]
    public abstract class InputBindingAttribute : BindingAttribute
    {
        public InputBindingAttribute()
        {
        }
    }

    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
    public abstract class OutputBindingAttribute : BindingAttribute
    {
        public OutputBindingAttribute()
        {
        }
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

    [AttributeUsage(AttributeTargets.Method)]
    public class FunctionAttribute : Attribute
    {
        public FunctionAttribute(string name) => Name = name;

        public string Name { get; }
    }

    [AttributeUsage(AttributeTargets.Method)]
    public abstract class RetryAttribute : Attribute
    {
        public RetryAttribute()
        {
        }

        public int MaxRetryCount { get; set; }
    }

    public sealed class FixedDelayRetryAttribute : RetryAttribute
    {
        public FixedDelayRetryAttribute(int maxRetryCount, string delayInterval)
        {
            MaxRetryCount = maxRetryCount;
            DelayInterval = delayInterval;
        }

        public string DelayInterval { get; }
    }

    public sealed class ExponentialBackoffRetryAttribute : RetryAttribute
    {
        public ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval)
        {
            MaxRetryCount = maxRetryCount;
            MinimumInterval = minimumInterval;
            MaximumInterval = maximumInterval;
        }

        public string MinimumInterval { get; }

        public string MaximumInterval { get; }
    }

    public enum AuthorizationLevel
    {
        Anonymous = 0,
        User = 1,
        Function = 2,
        System = 3,
        Admin = 4,
    }

    public sealed class HttpTriggerAttribute : TriggerBindingAttribute
    {
        public HttpTriggerAttribute()
            : this(AuthorizationLevel.Function)
        {
        }

        public HttpTriggerAttribute(params string[] methods)
            : this(AuthorizationLevel.Function, methods)
        {
        }

        public HttpTriggerAttribute(AuthorizationLevel authLevel) => AuthLevel = authLevel;

        public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
        {
            AuthLevel = authLevel;
            Methods = methods;
        }

        public string[]? Methods { get; }

        public AuthorizationLevel AuthLevel { get; }

        public string? Route { get; set; }
    }

    [AttributeUsage(AttributeTargets.Property, AllowMultiple = false)]
    public sealed class HttpResultAttribute : OutputBindingAttribute
    {
        public HttpResultAttribute()
        {
        }
    }

    public sealed class TimerTriggerAttribute : TriggerBindingAttribute
    {
        public TimerTriggerAttribute(string schedule)
        {
            Schedule = schedule;
            UseMonitor = true;
        }

        public string Schedule { get; }

        public bool RunOnStartup { get; set; }

        public bool UseMonitor { get; set; }
    }

    public class TimerInfo
    {
        public TimerInfo()
        {
        }

        public ScheduleStatus? ScheduleStatus { get; set; }

        public bool IsPastDue { get; set; }
    }

    public class ScheduleStatus
    {
        public ScheduleStatus()
        {
        }

        public DateTime Last { get; set; }

        public DateTime Next { get; set; }

        public DateTime LastUpdated { get; set; }
    }

    public sealed class EventHubTriggerAttribute : TriggerBindingAttribute
    {
        public EventHubTriggerAttribute(string eventHubName) => EventHubName = eventHubName;

        public string EventHubName { get; }

        public string? ConsumerGroup { get; set; }

        public string? Connection { get; set; }

        public bool IsBatched { get; set; } = true;
    }

    public sealed class CosmosDBTriggerAttribute : TriggerBindingAttribute
    {
        public CosmosDBTriggerAttribute(string databaseName, string containerName)
        {
            DatabaseName = databaseName;
            ContainerName = containerName;
        }

        public string DatabaseName { get; }

        public string ContainerName { get; }

        public string? Connection { get; set; }

        public string? LeaseConnection { get; set; }

        public string? LeaseDatabaseName { get; set; }

        public string? LeaseContainerName { get; set; }

        public bool CreateLeaseContainerIfNotExists { get; set; }

        public string? LeaseContainerPrefix { get; set; }

        public int FeedPollDelay { get; set; }

        public int MaxItemsPerInvocation { get; set; }

        public bool StartFromBeginning { get; set; }
    }
}
