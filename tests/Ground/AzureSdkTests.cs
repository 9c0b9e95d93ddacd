using System.Text.Json;
using FinVault.Tests.Support;

namespace FinVault.Tests.Ground;

/// <summary>What functions/FinVault.Functions.csproj refers to for each choice of functions/AzureSdk.targets.</summary>
public sealed class AzureSdkTests
{
    private static readonly string[] Needed =
    [
        "Azure.Messaging.EventHubs",
        "Azure.Storage.Blobs",
        "Microsoft.Azure.Functions.Worker",
        "Microsoft.Azure.Functions.Worker.Sdk",
        "Microsoft.Azure.Functions.Worker.Extensions.CosmosDB",
        "Microsoft.Azure.Functions.Worker.Extensions.DurableTask",
        "Microsoft.Azure.Functions.Worker.Extensions.EventHubs",
        "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore",
        "Microsoft.Azure.Functions.Worker.Extensions.SignalRService",
        "Microsoft.Azure.Functions.Worker.Extensions.Timer",
    ];

    [Fact]
    public async Task Packages_WhenForced_NamesEveryAzurePackageAndNoContracts()
    {
        ILookup<string, string> items = await ItemsAsync("-p:AzureSdk=packages");

        Assert.Superset(Needed.ToHashSet(), items["PackageReference"].ToHashSet());
        Assert.Empty(items["ProjectReference"]);
        Assert.Superset(Needed.ToHashSet(), items["PackageVersion"].ToHashSet());
    }

    [Fact]
    public async Task Contracts_WhenForced_NamesNoFunctionsPackage()
    {
        ILookup<string, string> items = await ItemsAsync("-p:AzureSdk=contracts");

        Assert.Contains(items["ProjectReference"], IsContracts);
        Assert.DoesNotContain(
            items["PackageReference"], id => id.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Assemblies_WhenFolderIsNamed_RefersToTheFolderInsteadOfContracts()
    {
        string folder = Directory.CreateTempSubdirectory("finvault-assemblies-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "Some.Azure.dll"), []);
            ILookup<string, string> items = await ItemsAsync($"-p:AzureAssemblies={folder}");

            Assert.Contains(Path.Combine(folder, "Some.Azure.dll"), items["Reference"]);
            Assert.DoesNotContain(items["ProjectReference"], IsContracts);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task HostJson_IsCopiedToOutputAndPublish_AndLocalSettingsAreNeverPublished()
    {
        using JsonDocument evaluated = await EvaluateAsync("-p:AzureSdk=contracts", "None");
        JsonElement[] files = [.. evaluated.RootElement.GetProperty("Items").GetProperty("None").EnumerateArray()];

        JsonElement host = Assert.Single(files, file => Metadata(file, "Link") == "host.json");
        Assert.Equal("PreserveNewest", Metadata(host, "CopyToOutputDirectory"));
        Assert.Equal("PreserveNewest", Metadata(host, "CopyToPublishDirectory"));
        Assert.All(
            files.Where(file => Metadata(file, "Filename") == "local.settings"),
            file => Assert.Equal("Never", Metadata(file, "CopyToPublishDirectory")));
    }

    private static bool IsContracts(string project) =>
        project.EndsWith("FinVault.Contracts.csproj", StringComparison.Ordinal);

    private static string? Metadata(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static async Task<ILookup<string, string>> ItemsAsync(string choice)
    {
        string[] kinds = ["PackageReference", "ProjectReference", "Reference", "PackageVersion"];
        using JsonDocument evaluated = await EvaluateAsync(choice, kinds);
        return evaluated.RootElement.GetProperty("Items").EnumerateObject()
            .SelectMany(kind => kind.Value.EnumerateArray(), (kind, item) => (kind.Name, Id: Metadata(item, "Identity")!))
            .ToLookup(item => item.Name, item => item.Id);
    }

    private static async Task<JsonDocument> EvaluateAsync(string choice, params string[] kinds)
    {
        string project = Repository.PathTo("functions", "FinVault.Functions.csproj");
        Tool.Result result = await Tool.RunAsync(
            "dotnet", ["msbuild", project, $"-getItem:{string.Join(',', kinds)}", choice], TimeSpan.FromMinutes(1));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return JsonDocument.Parse(result.Output);
    }
}
