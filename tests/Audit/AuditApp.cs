using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Audit;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;
using FinVault.Tests.Identity;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;

namespace FinVault.Tests.Audit;

/// <summary>FinVault with an auditor, and hands in its store.</summary>
internal sealed class AuditApp : IAsyncDisposable
{
    private const string AdminEmail = "admin@example.com";

    private AuditApp(IdentityApp app, SessionGrant admin) => (App, Admin) = (app, admin);

    public IdentityApp App { get; }

    public SessionGrant Admin { get; }

    public Container Trail => In(Containers.Audit);

    /// <param name="graceDays">After which an erasure begins.</param>
    /// <param name="change">What else is to be other than by default; of a folder with an auditor, it is that one.</param>
    public static async Task<AuditApp> StartAsync(
        int graceDays = 14, Func<LocalHostOptions, LocalHostOptions>? change = null)
    {
        IdentityApp app = await IdentityApp.StartAsync(
            new Dictionary<string, string?>
            {
                ["Identity:FirstAdmin"] = AdminEmail,
                ["Privacy:GraceDays"] = graceDays.ToString(CultureInfo.InvariantCulture),
            },
            change: change);
        bool isNew = await app.Get<AccountStore>().FindByEmailAsync(AdminEmail, default) is null;
        return new(app, await (isNew ? app.NewUserAsync(AdminEmail) : app.SignInAsync(AdminEmail)));
    }

    public Container In(string container) => App.Get<CosmosClient>().GetContainer(Containers.Database, container);

    /// <summary>Waits until an entity has so many lines, and answers them, oldest first.</summary>
    public async Task<AuditLine[]> HistoryAsync(string entity, int lines, string? token = null)
    {
        AuditLine[] found = [];
        try
        {
            await Eventually.TrueAsync(LookAsync, $"{lines} lines of {entity}");
        }
        catch (Xunit.Sdk.XunitException late)
        {
            IEnumerable<string> wrong = App.App.Logs.All.Where(log => log.Level >= LogLevel.Warning)
                .Select(log => $"{log.Message} {log.Exception}").TakeLast(5);
            Assert.Fail(string.Join('\n', [late.Message, .. wrong]));
        }

        Assert.Equal(lines, found.Length);
        return found;

        async Task<bool> LookAsync()
        {
            Answer answer = await App.GetAsync($"audit/entities/{entity}", token ?? Admin.AccessToken);
            found = answer.Code == "unknown_audit_entity" ? [] : [.. answer.Read<Page<AuditLine>>().Data.Reverse()];
            return found.Length >= lines;
        }
    }

    public async Task<Page<AuditLine>> SearchAsync(string query, string? token = null) =>
        (await App.GetAsync($"audit/records?{query}", token ?? Admin.AccessToken)).Read<Page<AuditLine>>();

    public async Task<AuditCheck> VerifyAsync(string entity) =>
        (await App.GetAsync($"audit/entities/{entity}/verify", Admin.AccessToken)).Read<AuditCheck>();

    /// <summary>All pages; the first that is not intact, or the last.</summary>
    public async Task<AuditCheck> VerifyAllAsync()
    {
        string cursor = "";
        while (true)
        {
            AuditCheck check =
                (await App.GetAsync($"audit/verify?limit=5{cursor}", Admin.AccessToken)).Read<AuditCheck>();
            if (!check.Intact || check.NextCursor is null)
            {
                return check;
            }

            cursor = $"&cursor={check.NextCursor}";
        }
    }

    /// <summary>Adds lines to the chain <c>test:id</c>.</summary>
    public async Task GrowAsync(string id, int lines)
    {
        foreach (int number in Enumerable.Range(1, lines))
        {
            await App.Get<AuditTrail>().RecordAsync(
                new("test", id, "test.grown", Details: new { Number = number }), default);
        }
    }

    public async Task RenameAsync(SessionGrant user, string name) =>
        (await App.PutAsync("profile", new ProfileChange(name), user.AccessToken)).Read<Profile>();

    /// <summary>Waits until nothing that was written is yet to be audited, as far as lines tell.</summary>
    public async Task SealAsync() => await App.Get<AuditSeals>().SealAsync(default);

    /// <summary>A document as it is stored.</summary>
    public async Task<JsonObject> ReadAsync(string container, string partition, string id)
    {
        using ResponseMessage response = await In(container).ReadItemStreamAsync(id, new PartitionKey(partition));
        response.EnsureSuccessStatusCode();
        return (JsonObject)(await JsonNode.ParseAsync(response.Content))!;
    }

    /// <summary>Writes over a line of the trail, as who has the database can.</summary>
    public async Task ForgeAsync(string entity, string id, Action<JsonObject> change)
    {
        JsonObject line = await ReadAsync(Containers.Audit, entity, id);
        change(line);
        await WriteAsync(Containers.Audit, entity, line);
    }

    public async Task WriteAsync(string container, string partition, JsonObject document)
    {
        using MemoryStream body = new(Encoding.UTF8.GetBytes(document.ToJsonString()));
        using ResponseMessage response = await In(container).UpsertItemStreamAsync(body, new PartitionKey(partition));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Every byte of a container.</summary>
    public async Task<string> TextAsync(string container)
    {
        StringBuilder all = new();
        using FeedIterator pages = In(container).GetItemQueryStreamIterator("SELECT * FROM c");
        while (pages.HasMoreResults)
        {
            using ResponseMessage page = await pages.ReadNextAsync();
            using StreamReader reader = new(page.Content);
            all.Append(await reader.ReadToEndAsync());
        }

        return all.ToString();
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
