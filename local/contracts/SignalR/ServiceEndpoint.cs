using Azure.Core;
using FinVault.Contracts;

// The real assembly (Microsoft.Azure.SignalR.Common) is not annotated for nullability.
#nullable disable

namespace Microsoft.Azure.SignalR;

public enum EndpointType
{
    Primary = 0,
    Secondary = 1,
}

public class ServiceEndpoint
{
    public ServiceEndpoint(string connectionString, EndpointType type = EndpointType.Primary, string name = "") =>
        throw Declaration.Only;

    public ServiceEndpoint(
        Uri endpoint,
        TokenCredential credential,
        EndpointType endpointType = EndpointType.Primary,
        string name = "",
        Uri serverEndpoint = null,
        Uri clientEndpoint = null) => throw Declaration.Only;
}
