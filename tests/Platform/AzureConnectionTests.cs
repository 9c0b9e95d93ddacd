using Azure.Identity;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Platform;

public sealed class AzureConnectionTests
{
    [Fact]
    public void Read_WhenConnectionStringIsSet_SignsInWithNothingElse()
    {
        IConfiguration settings = Settings(
            ("Cosmos", "AccountEndpoint=https://a/"), ("Cosmos:accountEndpoint", "https://b/"));

        AzureConnection connection = AzureConnection.Read(settings, "Cosmos", "accountEndpoint");

        Assert.Equal(new AzureConnection("AccountEndpoint=https://a/", null), connection);
    }

    [Theory]
    [InlineData("managedidentity", typeof(ManagedIdentityCredential))]
    [InlineData("ManagedIdentity", typeof(ManagedIdentityCredential))]
    [InlineData("", typeof(DefaultAzureCredential))]
    public void Read_WhenEndpointIsSet_SignsInByIdentity(string kind, Type expected)
    {
        AzureConnection connection = AzureConnection.Read(
            Settings(("X:uri", "https://x/"), ("X:credential", kind), ("X:clientId", "1f0c4b5e-0000-4000-8000-000000000001")),
            "X",
            "uri");

        Assert.Equal("https://x/", connection.Value);
        Assert.IsType(expected, connection.Credential);
    }

    [Fact]
    public void Read_WhenNothingIsSet_NamesBothSettings()
    {
        InvalidOperationException missing = Assert.Throws<InvalidOperationException>(
            () => AzureConnection.Read(Settings(), "EventHubs", "fullyQualifiedNamespace"));

        Assert.Contains("'EventHubs__fullyQualifiedNamespace'", missing.Message, StringComparison.Ordinal);
        Assert.Contains("'EventHubs'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenCredentialIsUnknown_SaysWhatItMayBe()
    {
        InvalidOperationException unknown = Assert.Throws<InvalidOperationException>(
            () => AzureConnection.Read(Settings(("X:uri", "https://x/"), ("X:credential", "password")), "X", "uri"));

        Assert.Contains("managedidentity", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddAzureClients_MakesACosmosClientForTheAccountEndpoint()
    {
        IConfiguration settings = Settings(("Cosmos:accountEndpoint", "https://finvault.documents.azure.com/"));
        await using ServiceProvider services = new ServiceCollection().AddSingleton(TimeProvider.System)
            .AddAzureClients(settings, "finvault").BuildServiceProvider();

        CosmosClient client = services.GetRequiredService<CosmosClient>();

        Assert.Equal(new Uri("https://finvault.documents.azure.com/"), client.Endpoint);
        Assert.Same(Json.Stored, client.ClientOptions.UseSystemTextJsonSerializerWithOptions);
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
        .Build();
}
