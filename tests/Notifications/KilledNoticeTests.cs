using System.Diagnostics;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Notifications;

/// <summary>
/// A user is told of what was committed though the process is killed before the message was published, before its notice
/// was pushed, and before and after its mail was sent: the notice is there once, and so is its mail, by its id.
/// </summary>
public sealed class KilledNoticeTests
{
    [Fact]
    public async Task Notice_WhoseProcessIsKilledAtEveryStep_IsStoredOnce_AndItsMailHasOneId()
    {
        string folder = Directory.CreateTempSubdirectory("finvault-notice-").FullName;
        string[] points = ["before PublishIdentity", "before push", "before mail", "after mail"];
        foreach (string _ in points)
        {
            using ChildProcess dying = ChildProcess.Start<NoticeHost>([folder, .. points]);
            Assert.Null(await LineAsync(dying));
        }

        Assert.Equal(points, await File.ReadAllLinesAsync(Path.Combine(folder, NoticeHost.Deaths)));
        using (ChildProcess living = ChildProcess.Start<NoticeHost>([folder, .. points]))
        {
            Assert.Equal("1 notice, 1 mail", await LineAsync(living));
            await living.KillAsync();
        }

        // At least one mail: the one after which it was killed was sent again, under the same name.
        Assert.Single(Directory.GetFiles(Path.Combine(folder, "mail"), "*.eml"));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string?> LineAsync(ChildProcess process)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        return await process.ReadLineAsync(limit.Token);
    }
}

/// <summary>Commits one message on its first life, and dies once at each of the named points.</summary>
internal sealed class NoticeHost : IChildProgram
{
    public const string Deaths = "deaths.txt";

    private const string User = "USER_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    public async Task RunAsync(string[] args)
    {
        string folder = args[0];
        void Die(string point) => DieOnce(Path.Combine(folder, Deaths), point, args.Skip(1));
        await using LocalHost host = await LocalHost.StartAsync(AppHost.Defaults with
        {
            Data = folder,
            App = (worker, configuration) =>
            {
                worker.AddFinVault(configuration);
                worker.Use(next => async context =>
                {
                    if (context.FunctionDefinition.Name == "PublishIdentity")
                    {
                        Die("before PublishIdentity");
                    }

                    await next(context);
                });
            },
            Configure = services => DyingChannel.Around(services, Die),
        });
        Container identity = host.Services.GetRequiredService<CosmosClient>()
            .GetContainer(Containers.Database, Containers.Identity);
        await CommitAsync(identity);
        NoticeStore notices = host.Services.GetRequiredService<NoticeStore>();
        FinVault.Platform.Jobs.JobStore jobs = host.Services.GetRequiredService<FinVault.Platform.Jobs.JobStore>();
        string mails = Path.Combine(folder, "mail");
        while (true)
        {
            int listed = (await notices.ListAsync(User, false, new PageRequest(10, 0, null), default)).Data.Count;
            int sent = Directory.Exists(mails) ? Directory.GetFiles(mails, "*.eml").Length : 0;
            int done = (await jobs.ListAsync("EMAIL", FinVault.Platform.Jobs.JobState.Completed, new(10, 0, null), default)).Data.Count;
            if (listed > 0 && sent > 0 && done > 0)
            {
                Console.WriteLine($"{listed} notice, {sent} mail");
                await Task.Delay(Timeout.Infinite);
            }

            await Task.Delay(10);
        }
    }

    private static async Task CommitAsync(Container identity)
    {
        Account account = new(User, "asha@example.in", true, null, null, [], DateTimeOffset.UnixEpoch);
        OutboxMessage message = Notices.Message(
            User, NoticeKinds.WalletLow, new { Currency = "INR", Available = 1, Threshold = 2 }, TimeProvider.System, "MESSAGE_1");
        using TransactionalBatchResponse _ = await identity.CreateTransactionalBatch(new PartitionKey(User))
            .CreateItem(account).CreateItem(message).ExecuteAsync();
    }

    private static readonly Lock Gate = new();

    private static void DieOnce(string log, string point, IEnumerable<string> inOrder)
    {
        lock (Gate)
        {
            string[] died = File.Exists(log) ? File.ReadAllLines(log) : [];
            if (inOrder.ElementAtOrDefault(died.Length) != point)
            {
                return;
            }

            File.AppendAllLines(log, [point]);
            using Process self = Process.GetCurrentProcess();
            self.Kill();
            self.WaitForExit();
        }
    }

    /// <summary>The app's own channels, with deaths around them.</summary>
    private sealed class DyingChannel(INotificationChannel real, Action<string> die) : INotificationChannel
    {
        public NoticeChannel Channel => real.Channel;

        public static void Around(IServiceCollection services, Action<string> die)
        {
            foreach (ServiceDescriptor one in services.Where(d => d.ServiceType == typeof(INotificationChannel)).ToArray())
            {
                services.Remove(one);
                services.AddSingleton<INotificationChannel>(provider => new DyingChannel(
                    (INotificationChannel)ActivatorUtilities.CreateInstance(provider, one.ImplementationType!), die));
            }
        }

        public Task<IReadOnlyList<string>> TargetsAsync(
            string user, Notice notice, CancellationToken cancellationToken) => real.TargetsAsync(user, notice, cancellationToken);

        public async Task SendAsync(NoticeDelivery delivery, CancellationToken cancellationToken)
        {
            if (Channel == NoticeChannel.InApp)
            {
                die("before push");
            }

            if (Channel == NoticeChannel.Email)
            {
                die("before mail");
            }

            await real.SendAsync(delivery, cancellationToken);
            if (Channel == NoticeChannel.Email)
            {
                die("after mail");
            }
        }
    }
}
