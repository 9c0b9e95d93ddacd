using System.Text;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Identity;

/// <summary>What somebody would see who got hold of the container <c>identity</c>.</summary>
internal static class StoredDocuments
{
    public static async Task<string> TextAsync(AppHost app)
    {
        Container identity = app.Host.Services.GetRequiredService<CosmosClient>()
            .GetContainer(Containers.Database, Containers.Identity);
        StringBuilder all = new();
        using FeedIterator pages = identity.GetItemQueryStreamIterator("SELECT * FROM c");
        while (pages.HasMoreResults)
        {
            using ResponseMessage page = await pages.ReadNextAsync();
            using StreamReader reader = new(page.Content);
            all.Append(await reader.ReadToEndAsync());
        }

        return all.ToString();
    }
}
