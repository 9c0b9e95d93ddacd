using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Audit;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Identity;
using FinVault.Tests.Support;

namespace FinVault.Tests.Audit;

/// <summary>What is changed is recorded by itself: what, by whom, and nothing secret.</summary>
public sealed class TrailTests : IAsyncLifetime
{
    private AuditApp _app = null!;
    private SessionGrant _meera = null!;

    public async Task InitializeAsync()
    {
        _app = await AuditApp.StartAsync();
        _meera = await _app.App.NewUserAsync("meera@example.com");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    private string Profile => $"profile:{_meera.UserId}";

    [Fact]
    public async Task Change_IsRecordedWithWhatItWasAndWhoMadeIt()
    {
        await _app.RenameAsync(_meera, "Meera");
        await _app.HistoryAsync(Profile, 1);
        await _app.App.SendAsync(
            HttpMethod.Put, "profile", new ProfileChange("Meera Iyer"), _meera.AccessToken,
            headers => headers.Add(Correlation.Header, "look-for-me"));

        AuditLine[] lines = await _app.HistoryAsync(Profile, 2);

        Assert.Equal(["created", "changed"], lines.Select(line => line.Name));
        Assert.All(lines, line => Assert.Equal((_meera.UserId, "PutProfile"), (line.Actor, line.Via)));
        FieldChange change = Assert.Single(lines[1].Changes!);
        Assert.Equal(
            ("replace", "/displayName", "Meera", "Meera Iyer"),
            (change.Op, change.Path, (string?)change.Before, (string?)change.After));
        Assert.Equal("look-for-me", lines[1].CorrelationId);
        Assert.Equal(lines[0].Hash, lines[1].PreviousHash);
    }

    [Fact]
    public async Task Changes_ThatComeAgain_AddNothing()
    {
        await _app.RenameAsync(_meera, "Meera");
        await _app.HistoryAsync(Profile, 1);
        JsonElement first = JsonSerializer.SerializeToElement(
            await _app.ReadAsync(Containers.Identity, _meera.UserId, "profile"));
        await _app.RenameAsync(_meera, "Meera Iyer");
        AuditLine[] lines = await _app.HistoryAsync(Profile, 2);

        await _app.App.Get<ChangeAuditor>().AuditAsync(Containers.Identity, [first, first], default);

        Assert.Equal(lines.Select(line => line.Hash), (await _app.HistoryAsync(Profile, 2)).Select(line => line.Hash));
    }

    [Fact]
    public async Task Changes_InOneMoment_AreALineEach()
    {
        string[] names = ["Meera", "Meera I", "Meera Iy", "Meera Iye", "Meera Iyer"];
        foreach (string name in names)
        {
            await _app.RenameAsync(_meera, name);
        }

        AuditLine[] lines = await _app.HistoryAsync(Profile, names.Length);

        Assert.Equal(["created", .. Enumerable.Repeat("changed", 4)], lines.Select(line => line.Name));
        Assert.Equal(
            names.Zip(names.Skip(1)),
            lines.Skip(1).Select(line => Assert.Single(line.Changes!))
                .Select(change => ((string)change.Before!, (string)change.After!)));
        Assert.All(lines, line => Assert.Equal(_meera.UserId, line.Actor));
    }

    [Fact]
    public async Task Change_ThatIsToldTwice_IsOneLine_AndIsKeptNoLonger()
    {
        await _app.RenameAsync(_meera, "Meera");
        await _app.HistoryAsync(Profile, 1);
        ChangeStamp by = new("CHANGE_TEST", "USER_TEST", "Test", "", _app.App.Clock.GetUtcNow(), "profile");
        StoredSet set = new("/displayName", JsonSerializer.SerializeToElement("Told"));
        JsonNode told = JsonSerializer.SerializeToNode(
            new StoredChange("CHANGE_TOLD", "profile", by, User: _meera.UserId, Sets: [set]), Json.Options)!;
        (told["_etag"], told["_ts"], told["_lsn"]) = ("told", long.MaxValue, long.MaxValue);
        JsonElement change = told.Deserialize<JsonElement>();

        await _app.App.Get<ChangeAuditor>().AuditAsync(Containers.Identity, [change, change], default);

        FieldChange only = Assert.Single((await _app.HistoryAsync(Profile, 2))[1].Changes!);
        Assert.Equal(
            ("/displayName", "\"Meera\"", "\"Told\""),
            (only.Path, only.Before?.ToJsonString(), only.After?.ToJsonString()));
        await Eventually.TrueAsync(
            async () => !(await _app.TextAsync(Containers.Identity)).Contains(StoredChange.DocumentType, StringComparison.Ordinal),
            "no change that is told is kept");
    }

    [Fact]
    public void Secret_ThatIsSet_IsNotShown_NorWhatIsLeftOut()
    {
        AuditedKind webhook = AuditedKinds.Find("webhook")!;
        ChangeStamp by = new("CHANGE_TEST", "USER_TEST", "Test", "", DateTimeOffset.UnixEpoch, "webhook");
        JsonElement canary = JsonSerializer.SerializeToElement(Sample.Canary);
        StoredChange change = new("CHANGE_TOLD", "WEBHOOK_1", by, Sets: [new("/secret", canary), new("/ttl", canary)]);

        JsonObject? after = webhook.After([], change, _ => "(secret)");

        Assert.Equal("""{"secret":"(secret)"}""", after!.ToJsonString());
    }

    [Fact]
    public async Task Change_ThatDoesNotSayWhoseItIs_IsNobodys()
    {
        await _app.RenameAsync(_meera, "Meera");
        await _app.HistoryAsync(Profile, 1);
        var stored = await _app.ReadAsync(Containers.Identity, _meera.UserId, "profile");
        stored["displayName"] = "Mallory";
        await _app.WriteAsync(Containers.Identity, _meera.UserId, stored);

        Assert.Equal("unknown", (await _app.HistoryAsync(Profile, 2))[1].Actor);
    }

    [Fact]
    public async Task Deletion_IsRecordedWithWhatWasThere()
    {
        object wanted = new { name = "Feed", scopes = new[] { Permissions.ProfileRead }, days = 1 };
        string key = (await _app.App.PostAsync("auth/api-keys", wanted, _meera.AccessToken))
            .Read<NewApiKey>().View.KeyId;
        string entity = $"apiKey:{_meera.UserId}:{key}";
        await _app.HistoryAsync(entity, 1);
        Assert.Equal(
            HttpStatusCode.NoContent, (await _app.App.DeleteAsync($"auth/api-keys/{key}", _meera.AccessToken)).Status);

        AuditLine gone = (await _app.HistoryAsync(entity, 2))[1];

        Assert.Equal(("deleted", _meera.UserId), (gone.Name, gone.Actor));
        FieldChange change = Assert.Single(gone.Changes!);
        Assert.Equal(("remove", "", "Feed"), (change.Op, change.Path, (string?)change.Before!["name"]));
    }

    [Fact]
    public async Task Secrets_OfEveryAuditedType_NeverReachTheTrail()
    {
        List<string> canaries = [];
        foreach (Type type in typeof(AuditedAttribute).Assembly.GetTypes())
        {
            if (type.GetCustomAttributes(typeof(AuditedAttribute), false) is not [AuditedAttribute declared])
            {
                continue;
            }

            var document = Sample.Of(type);
            string[] planted = [.. Sample.CanariesIn(document)];
            canaries.AddRange(planted);
            string field = Containers.All.First(one => one.Name == declared.Container).PartitionKey[1..];
            string partition = (string)document[field]!;
            await _app.WriteAsync(declared.Container, partition, document);
            string entity = EntityName.Of(declared.Kind, partition, (string)document["id"]!);
            AuditLine line = (await _app.HistoryAsync(entity, 1))[0];
            string shown = JsonSerializer.Serialize(line, Json.Options);
            Assert.DoesNotContain(Sample.Canary, shown, StringComparison.Ordinal);
            // Something of it is there, so that it was not left out by mistake.
            Assert.Equal(planted.Length > 0, shown.Contains("(secret)", StringComparison.Ordinal));
        }

        Assert.True(canaries.Count >= 7, $"Only {canaries.Count} secrets were planted.");
        Assert.DoesNotContain(Sample.Canary, await _app.TextAsync(Containers.Audit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_IsWrittenNowhereInTheTrailAsTheyAre()
    {
        await _app.RenameAsync(_meera, "Very findable name");
        await _app.HistoryAsync(Profile, 1);
        await _app.HistoryAsync($"account:{_meera.UserId}", 2);

        string stored = await _app.TextAsync(Containers.Audit);

        Assert.DoesNotContain("Very findable name", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("meera@example.com", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_FindsByActorKindAndTime_PageByPage()
    {
        foreach (int number in Enumerable.Range(1, 3))
        {
            await _app.RenameAsync(_meera, $"Meera {number}");
            await _app.HistoryAsync(Profile, number);
            _app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        string asked = $"actor={_meera.UserId}&kind=profile&limit=2";
        Page<AuditLine> first = await _app.SearchAsync(asked);
        Page<AuditLine> second = await _app.SearchAsync($"{asked}&cursor={first.NextCursor}");
        Assert.Equal([3L, 2, 1], first.Data.Concat(second.Data).Select(line => line.Version));
        Assert.Null(second.NextCursor);

        string from = Uri.EscapeDataString(first.Data[1].At.ToString("O"));
        string to = Uri.EscapeDataString(first.Data[0].At.ToString("O"));
        Page<AuditLine> between = await _app.SearchAsync($"entity={Profile}&from={from}&to={to}");
        Assert.Equal([2L], between.Data.Select(line => line.Version));
        Assert.Equal(
            "invalid_cursor",
            (await _app.App.GetAsync($"audit/records?cursor={first.NextCursor}", _app.Admin.AccessToken)).Code);
    }

    [Fact]
    public async Task Trail_OfAnotherTenant_DoesNotExist()
    {
        await _app.RenameAsync(_app.Admin, "Admin");
        string foreign = $"profile:{_app.Admin.UserId}";
        await _app.HistoryAsync(foreign, 1);
        string own = Membership.OwnTenantOf(_meera.UserId);
        object host = new { roles = new[] { Roles.Host } };
        await _app.App.PutAsync($"tenants/{own}/members/{_meera.UserId}", host, _app.Admin.AccessToken);
        await _app.RenameAsync(_meera, "Meera");

        await _app.HistoryAsync(Profile, 1, _meera.AccessToken);
        Assert.Equal(
            "unknown_audit_entity", (await _app.App.GetAsync($"audit/entities/{foreign}", _meera.AccessToken)).Code);
        Assert.All((await _app.SearchAsync("", _meera.AccessToken)).Data, line => Assert.Equal(own, line.Tenant));
        Assert.All(
            (await _app.SearchAsync($"tenant={Membership.OwnTenantOf(_app.Admin.UserId)}", _meera.AccessToken)).Data,
            line => Assert.Equal(own, line.Tenant));
        Assert.Equal("forbidden", (await _app.App.GetAsync("audit/verify", _meera.AccessToken)).Code);
    }
}
