using System.Security.Claims;
using FinVault.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

// The real assembly is not annotated for nullability.
#nullable disable

namespace Microsoft.Azure.SignalR.Management;

public enum ServiceTransportType
{
    Transient = 0,
    Persistent = 1,
}

#nullable enable
public class ServiceManagerOptions
{
    public ServiceManagerOptions()
    {
    }

    public string? ConnectionString { get; set; }

    public ServiceEndpoint[]? ServiceEndpoints { get; set; }

    public ServiceTransportType ServiceTransportType { get; set; }

    public void UseJsonObjectSerializer(global::Azure.Core.Serialization.ObjectSerializer objectSerializer) =>
        throw Declaration.Only;
}

#nullable disable
public class ServiceManagerBuilder
{
    public ServiceManagerBuilder()
    {
    }

    public ServiceManagerBuilder WithOptions(Action<ServiceManagerOptions> configure) => throw Declaration.Only;

    public ServiceManagerBuilder WithConfiguration(IConfiguration configuration) => throw Declaration.Only;

    public ServiceManagerBuilder WithLoggerFactory(ILoggerFactory loggerFactory) => throw Declaration.Only;

    public ServiceManager BuildServiceManager() => throw Declaration.Only;
}

public abstract class ServiceManager : IDisposable
{
    protected ServiceManager()
    {
    }

    public abstract Task<ServiceHubContext> CreateHubContextAsync(string hubName, CancellationToken cancellationToken);

    public abstract Task<bool> IsServiceHealthy(CancellationToken cancellationToken);

    public abstract void Dispose();
}

public abstract class GroupManager : IGroupManager
{
    protected GroupManager()
    {
    }

    public abstract Task AddToGroupAsync(
        string connectionId, string groupName, CancellationToken cancellationToken = default);

    public abstract Task RemoveFromGroupAsync(
        string connectionId, string groupName, CancellationToken cancellationToken = default);

    public abstract Task RemoveFromAllGroupsAsync(string connectionId, CancellationToken cancellationToken = default);
}

public abstract class ClientManager
{
    protected ClientManager()
    {
    }

    public abstract Task CloseConnectionAsync(
        string connectionId, string reason = null, CancellationToken cancellationToken = default);
}

public class NegotiationOptions
{
    public NegotiationOptions()
    {
    }

    public HttpContext HttpContext { get; set; }

    public string UserId { get; set; }

    public IList<Claim> Claims { get; set; }
}

public abstract class ServiceHubContext : IDisposable
{
    protected ServiceHubContext()
    {
    }

    public virtual IHubClients Clients => throw Declaration.Only;

    public virtual GroupManager Groups => throw Declaration.Only;

    public virtual ClientManager ClientManager => throw Declaration.Only;

    public virtual ValueTask<NegotiationResponse> NegotiateAsync(
        NegotiationOptions negotiationOptions = null, CancellationToken cancellationToken = default) =>
        throw Declaration.Only;

    public virtual void Dispose() => throw Declaration.Only;

    public virtual Task DisposeAsync() => throw Declaration.Only;
}
