using System.Text.Json;
using System.Text.RegularExpressions;
using FinVault.Escrow;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Identity;
using FinVault.Market;
using FinVault.Market.Live;
using FinVault.Market.Providers;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Platform.RateLimits;
using FinVault.Platform.Resilience;
using FinVault.Portfolios;
using FinVault.Tests.Support;
using FinVault.Uploads;

namespace FinVault.Tests.Infra;

/// <summary>What infra/ makes is what the code asks for: containers, hubs and settings, both ways.</summary>
public sealed partial class ConstantsTests
{
    /// <summary>Connections, and the setting beside <c>__credential</c> and <c>__clientId</c> that says where each goes.</summary>
    private static readonly Dictionary<string, string[]> Connections = new()
    {
        ["AzureWebJobsStorage"] = ["blobServiceUri", "queueServiceUri", "tableServiceUri"],
        [AzureClients.EventHubs] = ["fullyQualifiedNamespace"],
        [AzureClients.Cosmos] = ["accountEndpoint"],
        [AzureClients.SignalR] = ["serviceUri"],
        [AzureClients.Blobs] = ["serviceUri"],
    };

    /// <summary>Settings that the Azure platform reads and the code does not.</summary>
    private static readonly string[] Platform =
    [
        "AZURE_CLIENT_ID", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG",
        $"{DurableStorage}__type", $"{DurableStorage}__connectionStringName", "DurableScheduler",
    ];

    /// <summary>Stands for <c>extensions.durableTask.storageProvider</c> of host.json.</summary>
    private const string DurableStorage = "AzureFunctionsJobHost__extensions__durableTask__storageProvider";

    /// <summary>The payment provider is none of Azure's.</summary>
    private static readonly string[] Payments =
        [.. PaymentOptions.Settings.Select(name => $"{PaymentOptions.Section}__{name}"), GiftCode.KeySetting];

    /// <summary>Signing in, what it sends by mail, and who is in front of the app.</summary>
    private static readonly string[] Accounts =
    [
        .. IdentityOptions.Settings.Select(name => $"{IdentityOptions.Section}__{name}"),
        .. PrivacyOptions.Settings.Select(name => $"{PrivacyOptions.Section}__{name}"),
        .. MailOptions.Settings.Select(name => $"{MailOptions.Section}__{name}"),
        .. TelegramOptions.Settings.Select(name => $"{TelegramOptions.Section}__{name}"),
        .. WebPushKey.Settings.Select(name => $"{WebPushKey.Section}__{name}"),
        .. OpenIdOptions.Settings.Select(name => $"{OpenIdOptions.Section}__google__{name}"),
        $"{RateLimitOptions.Section}__trustedHops",
    ];

    /// <summary>One or two of each section that has defaults, which show a deployer that it is there.</summary>
    private static readonly string[] Tuned =
    [
        $"{SocialOptions.Section}__Url", $"{SocialOptions.Section}__Key", $"{BeaconOptions.Section}__Chain",
        $"{DrawOptions.Section}__BeaconMarginSeconds", $"{PremiumOptions.Section}__Amount",
        $"{PremiumOptions.Section}__Currency", "Escrow__ServiceBasisPoints", "Withdrawals__FourEyesAbove",
        "Giveaways__PublicUrl", "Market__WindowMilliseconds", "Market__PackedMilliseconds", $"{RequestLogOptions.Section}__OneIn",
        $"{ProviderOptions.Section}__HedgeMilliseconds",
        "Uploads__MaxPerEntityADay", $"{DependencySettings.Section}__social__TotalSeconds",
        $"{FxOptions.Section}__Url", $"{FxOptions.Section}__DailyUrl", $"{FxOptions.Section}__HistoryUrl",
        $"{NightlyOptions.Section}__unitsPerSecond", $"{NightlyOptions.Section}__pauseAbovePercent",
    ];

    /// <summary>Every section of options that the code reads is among the settings, and no other section is.</summary>
    [Fact]
    public void Sections_OfTheSettingsAreThoseThatTheCodeBinds()
    {
        string[] bound = [.. Directory
            .EnumerateFiles(Repository.PathTo("functions"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Repository.Relative(file).Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => BoundSection().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value)
            .Distinct().Order()];

        Assert.Contains(PremiumOptions.Section, bound);
        Assert.Equal(
            bound,
            Sample().Keys.Where(key => key.Contains("__", StringComparison.Ordinal) && key != CoreToolsTests.HostOverride)
                .Select(key => key.Split("__")[0]).Distinct().Order());
    }

    /// <summary>Each of them is a member of the options: one that is not would be read by nobody.</summary>
    [Theory]
    [InlineData(typeof(SocialOptions), SocialOptions.Section)]
    [InlineData(typeof(BeaconOptions), BeaconOptions.Section)]
    [InlineData(typeof(DrawOptions), DrawOptions.Section)]
    [InlineData(typeof(PremiumOptions), PremiumOptions.Section)]
    [InlineData(typeof(EscrowOptions), "Escrow")]
    [InlineData(typeof(WithdrawalOptions), "Withdrawals")]
    [InlineData(typeof(GiveawayOptions), "Giveaways")]
    [InlineData(typeof(MarketOptions), "Market")]
    [InlineData(typeof(RequestLogOptions), RequestLogOptions.Section)]
    [InlineData(typeof(ProviderOptions), ProviderOptions.Section)]
    [InlineData(typeof(UploadOptions), "Uploads")]
    [InlineData(typeof(FxOptions), FxOptions.Section)]
    public void Settings_OfASectionAreMembersOfItsOptions(Type options, string section) => Assert.All(
        Tuned.Where(name => name.StartsWith($"{section}__", StringComparison.Ordinal)),
        name => Assert.NotNull(options.GetProperty(name.Split("__")[1])));

    [Fact]
    public void Containers_AreTheCodes()
    {
        string file = File.ReadAllText(Repository.PathTo("infra", "containers.json"));
        ContainerDefinition[] made = JsonSerializer.Deserialize<ContainerDefinition[]>(file, JsonSerializerOptions.Web)!;

        Assert.Equal(Containers.All.Select(Describe), made.Select(Describe));
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task Database_IsTheCodes()
    {
        Bicep cosmos = (await Bicep.ReadAllAsync())["app/cosmos.bicep"];

        Assert.Equal($"'{Containers.Database}'", cosmos.Variables.Single(variable => variable.Name == "database").Text);
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task ContainersOfUploads_AreTheCodes()
    {
        Bicep uploads = (await Bicep.ReadAllAsync())["app/uploads.bicep"];
        string Variable(string name) => uploads.Variables.Single(variable => variable.Name == name).Text.Trim('\'');

        Assert.Equal(UploadBlobs.PrivateContainer, Variable("privateContainer"));
        Assert.Equal(UploadBlobs.PublicContainer, Variable("publicContainer"));
        Assert.Equal(UploadBlobs.Quarantine, Variable("quarantine"));
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task Hubs_AreTheCodes()
    {
        Bicep main = (await Bicep.ReadAllAsync())["main.bicep"];
        string Variable(string name) => main.Variables.Single(variable => variable.Name == name).Text.Trim('\'');

        Assert.Equal(Realtime.Hub, Variable("liveHub"));
        Assert.Equal(Sample()["TicksHub"], Variable("ticksHub"));
        string hook = await File.ReadAllTextAsync(Repository.PathTo("infra", "hooks", "postdeploy.mjs"));
        Assert.Contains($"'hub-pattern={Realtime.Hub}'", hook, StringComparison.Ordinal);
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task Settings_OfTheFunctionAppAreThoseThatTheCodeReads()
    {
        Bicep api = (await Bicep.ReadAllAsync())["app/api.bicep"];
        IEnumerable<string> made = api.Resources.Single(resource => resource.Name == "settings").Properties.Keys
            .Where(key => key.StartsWith("properties.", StringComparison.Ordinal)).Select(key => key["properties.".Length..]);
        IEnumerable<string> connections = Connections.SelectMany(connection => connection.Value
            .Concat(["credential", "clientId"]).Select(part => $"{connection.Key}__{part}"));

        Assert.Equal(connections.Concat(NamedSettings()).Concat(Platform).Concat(Payments).Concat(Accounts).Concat(Tuned).Order(), made.Order());
    }

    [Fact]
    public void Settings_OfTheSampleAreThoseThatTheCodeReads() => Assert.Equal(
        Connections.Keys.Concat(NamedSettings()).Concat(Payments).Concat(Accounts).Concat(Tuned).Append("FUNCTIONS_WORKER_RUNTIME")
            .Append(CoreToolsTests.HostOverride).Order(),
        Sample().Keys.Order());

    internal static Dictionary<string, string> Sample()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(Repository.PathTo("local.settings.sample.json")));
        return file.RootElement.GetProperty("Values").Deserialize<Dictionary<string, string>>()!;
    }

    /// <summary>The <c>%Setting%</c> of every trigger, which has no default.</summary>
    private static IEnumerable<string> NamedSettings() => Directory
        .EnumerateFiles(Repository.PathTo("functions"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !Repository.Relative(file).Contains("/obj/", StringComparison.Ordinal))
        .SelectMany(file => NamedSetting().Matches(File.ReadAllText(file)))
        .Select(match => match.Groups["name"].Value)
        .Distinct();

    private static string Describe(ContainerDefinition container) =>
        $"{container.Name} {container.PartitionKey} {container.TimeToLiveSeconds} "
        + string.Join(',', container.IndexedPaths);

    [GeneratedRegex("(?:GetSection\\(|const string Section = )\"(?<name>\\w+)\"")]
    private static partial Regex BoundSection();

    [GeneratedRegex("\"%(?<name>\\w+)%\"")]
    private static partial Regex NamedSetting();
}
