using System.Diagnostics;
using System.Text.Json.Nodes;
using FinVault.Audit;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Tests.Audit;
using FinVault.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Identity.Privacy;

/// <summary>An erasure that is killed between its steps goes on in the next process, and is done once.</summary>
public sealed class KilledErasureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("finvault-erasure-").FullName;
    private readonly List<string> _keysWhenFinished = [];
    private string _person = "";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Erasure_KilledBetweenSteps_AndBeforeItsEndIsNoted_LeavesNothingAndDestroysKeysOnce()
    {
        using (ChildProcess dying = ChildProcess.Start<ErasingHost>(_folder))
        {
            _person = await LineAsync(dying) ?? "";
            Assert.StartsWith("USER_", _person, StringComparison.Ordinal);
            Assert.Null(await LineAsync(dying));
        }

        Assert.Equal("x", await File.ReadAllTextAsync(StepThatKills.TriesIn(_folder)));
        await using AuditApp app = await ErasingHost.StartAsync(_folder, FinishTwiceAsync);
        await Eventually.TrueAsync(
            () =>
            {
                app.App.Clock.Advance(TimeSpan.FromMilliseconds(300));
                return _keysWhenFinished.Count == 2;
            },
            "the erasure's end, for the second time");

        Assert.Equal("xx", await File.ReadAllTextAsync(StepThatKills.TriesIn(_folder)));
        Assert.Equal("", await PlantedPerson.LeftAsync(app));
        Assert.Equal("done", (string?)(await app.ReadAsync(Containers.Identity, _person, "erasure"))["state"]);
        // Destroyed by the first end; the second found that it was so.
        Assert.Equal(_keysWhenFinished[0], _keysWhenFinished[1]);
        Assert.All(JsonNode.Parse(_keysWhenFinished[0])!.AsArray(), key =>
        {
            Assert.Null(key!["closed"]);
            Assert.NotNull(key["destroyedAt"]);
        });
        TrialBalance balance = await app.App.Get<LedgerBooks>().TrialBalanceAsync(default);
        Assert.All(balance.Currencies, currency => Assert.Equal(0, currency.Total));
        await app.SealAsync();
        Assert.True((await app.VerifyAllAsync()).Intact);
        Page<AuditLine> told = await app.SearchAsync($"entity=user:{_person}");
        Assert.Single(told.Data, line => line.Name == "identity.erased");
    }

    // Everything is done at its end, but the orchestration is not told so: it is done again.
    private async Task FinishTwiceAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        await next(context);
        if (context.FunctionDefinition.Name == nameof(ErasureFunctions.FinishErasure))
        {
            IdentityDocuments documents = context.InstanceServices.GetRequiredService<IdentityDocuments>();
            List<JsonNode?> keys = [];
            foreach (string subject in new[] { _person, Membership.OwnTenantOf(_person) })
            {
                keys.Add(await documents.FindAsync<JsonObject>(subject, "dataKey", default));
            }

            _keysWhenFinished.Add(new JsonArray([.. keys]).ToJsonString());
            if (_keysWhenFinished.Count == 1)
            {
                throw new IOException("Died before it was noted.");
            }
        }
    }

    private static async Task<string?> LineAsync(ChildProcess process)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        return await process.ReadLineAsync(limit.Token);
    }
}

/// <summary>Erases a person of whom there is something everywhere, until a step kills it.</summary>
internal sealed class ErasingHost : IChildProgram
{
    public static Task<AuditApp> StartAsync(
        string folder, Func<FunctionContext, FunctionExecutionDelegate, Task>? around = null) =>
        AuditApp.StartAsync(graceDays: 0, options => options with
        {
            Data = folder,
            Configure = services => services.AddSingleton<IPersonalData>(new StepThatKills(folder)),
            App = (worker, configuration) =>
            {
                worker.AddFinVault(configuration);
                worker.Use(next => context => around is null ? next(context) : around(context, next));
            },
        });

    public async Task RunAsync(string[] args)
    {
        await using AuditApp app = await StartAsync(args[0]);
        SessionGrant person = await app.App.NewUserAsync(PlantedPerson.Email);
        await new PlantedPerson(app, person).PlantAsync();
        await app.HistoryAsync($"profile:{person.UserId}", 1);
        Console.WriteLine(person.UserId);
        await app.App.PostAsync("me/erase", new { }, person.AccessToken);
        while (true)
        {
            app.App.Clock.Advance(TimeSpan.FromMilliseconds(300));
            await Task.Delay(10);
        }
    }
}

/// <summary>A step in the midst of the others, which kills the first process that comes to it.</summary>
internal sealed class StepThatKills(string folder) : IPersonalData
{
    public string Slice => "notifications-and-then";

    public static string TriesIn(string folder) => Path.Combine(folder, "tries.txt");

    public IAsyncEnumerable<PersonalItem> ExportAsync(Person person, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<PersonalItem>();

    public async Task EraseAsync(Person person, CancellationToken cancellationToken)
    {
        await File.AppendAllTextAsync(TriesIn(folder), "x", cancellationToken);
        if (new FileInfo(TriesIn(folder)).Length == 1)
        {
            using Process self = Process.GetCurrentProcess();
            self.Kill();
            self.WaitForExit();
        }
    }
}
