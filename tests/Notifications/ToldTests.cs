using System.Text.Json;
using FinVault.Escrow;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Identity;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Notifications;

/// <summary>What other slices tell, and who hears of it. Everybody here shares one app; each has users of their own.</summary>
public sealed class ToldTests(ToldTests.Shared shared) : IClassFixture<ToldTests.Shared>
{
    private const string Event = "EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Winner = "winner@example.com";

    private NoticeApp App => shared.App;

    [Fact]
    public async Task Winner_IsToldByMailAndReminded_AndOneWithAnAccountInTheApp()
    {
        string member = await App.UserAsync();
        await TakePartAsync("1", Winner);
        await TakePartAsync("2", NoticeApp.EmailOf(member));

        Mail mail = await MailAsync(Winner, "You have won: Tea 1");
        Assert.Contains("Claim it on the giveaway's page by", mail.Text, StringComparison.Ordinal);
        JsonElement notice = Assert.Single(await App.NoticesAsync(member, 1));
        Assert.Equal(
            ("giveaway.won", "You have won: Tea 2"),
            (notice.GetProperty("kind").GetString(), notice.GetProperty("title").GetString()));

        // The second is claimed, so that nobody has to be reminded of it.
        await App.Get<CosmosClient>().GetContainer(Containers.Database, Containers.Giveaways).PatchItemAsync<Prize>(
            "PRIZE_2", new PartitionKey(Event), [PatchOperation.Set("/state", "claimed")]);
        App.Clock.Advance(TimeSpan.FromMinutes(6));
        Mail reminder = await MailAsync(Winner, "Claim your prize: Tea 1");
        Assert.Contains("have not claimed it yet", reminder.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(App.Mailbox.Latest, one => one.Subject == "Claim your prize: Tea 2");
    }

    [Fact]
    public async Task Members_OfATenant_AreToldWhatTheirRoleIsFor()
    {
        string host = await AppointAsync(Roles.Host);
        string merchant = await AppointAsync(Roles.Merchant);
        object airtime = new
        {
            Amount = 10_000, Currency = "INR", Reference = Event, Backing = new { Kind = "airtime" },
            ClaimedAt = App.Clock.GetUtcNow(),
        };
        await TellTenantAsync(host, "wallet.low", new { Available = 5_000, Threshold = 10_000, Currency = "INR" });
        await TellTenantAsync(host, "escrow.settled", airtime);
        await TellTenantAsync(host, "escrow.released", airtime);
        await TellTenantAsync(host, "escrow.settled", new { Amount = 1, Currency = "INR", Backing = new { Kind = "giftCard" } });
        await TellTenantAsync(host, "merchant.kycDecided", new { Kyc = "approved" });
        await TellTenantAsync(merchant, "merchant.kycDecided", new { Kyc = "rejected", Reason = "The licence is over." });

        Assert.Equal(
            ["Airtime could not be loaded", "Airtime was loaded", "The wallet runs low"],
            await TitlesAsync(host, Roles.Host, 3));
        Assert.Equal(["Your business was not approved"], await TitlesAsync(merchant, Roles.Merchant, 1));
        Mail mail = await App.MailAsync(merchant, "Your business was not approved");
        Assert.Contains("The licence is over.", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscriber_IsMailedWhatBecameOfThePayment()
    {
        string user = await App.UserAsync();
        foreach (string kind in new[] { "subscription.paid", "subscription.declined", "subscription.ended" })
        {
            object told = new { User = user, Amount = 1_000, Currency = "USD", PaidUntil = App.Clock.GetUtcNow() };
            await WriteAsync(Containers.Escrow, user, OutboxMessage.OfTenant(user, kind, told, App.Clock));
        }

        Mail paid = await App.MailAsync(user, "Premium is paid");
        Assert.Contains("USD 10.00", paid.Text, StringComparison.Ordinal);
        await App.MailAsync(user, "Premium could not be paid");
        await App.MailAsync(user, "Premium has ended");
    }

    [Fact]
    public async Task Device_ThatIsNew_IsToldOfOnce_AndTheFirstNever()
    {
        string user = Ids.New("USER", App.Clock);
        foreach (string device in new[] { "Phone", "Laptop", "Phone", "Laptop" })
        {
            object told = new { Device = device, Address = "203.0.113.7", At = App.Clock.GetUtcNow() };
            await WriteAsync(
                Containers.Identity, user, OutboxMessage.OfUser(user, Sessions.SignedInKind, told, App.Clock));
        }

        JsonElement notice = Assert.Single(await App.NoticesAsync(user, 1), IsOfALaptop);
        Assert.Equal("security", notice.GetProperty("importance").GetString());
        Assert.DoesNotContain(
            await App.NoticesAsync(user), one => one.GetProperty("text").GetString()!.Contains("Phone", StringComparison.Ordinal));

        static bool IsOfALaptop(JsonElement one) =>
            one.GetProperty("text").GetString()!.Contains("Laptop, from 203.0.113.7", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notices_BeyondFiveHundred_GoOldestFirst()
    {
        string user = await App.UserAsync();
        await Task.WhenAll(Enumerable.Range(0, NoticeLimits.Kept + 5).Select(number => WriteAsync(
            Containers.Notifications, user, new NoticeDocument(
                $"NOTICE_{number:D26}", user, NoticeKinds.Reminder, $"number {number}", "", null, DateTimeOffset.UnixEpoch, null,
                Importance.Low, 1, 3600))));

        await App.TellAsync(user, NoticeKinds.Reminder, new { Title = "the last", Text = "" });

        await Eventually.TrueAsync(
            async () => (await App.NoticesAsync(user))[0].GetProperty("title").GetString() == "the last", "it is told");
        QueryDefinition all = new("SELECT VALUE c.id FROM c WHERE c.type = 'notice'");
        List<string> left = await App.Get<NotificationDocuments>().QueryAsync<string>(user, all, default).ToListAsync();
        Assert.Equal(NoticeLimits.Kept + 1, left.Count);
        Assert.DoesNotContain($"NOTICE_{4:D26}", left);
        Assert.Contains($"NOTICE_{5:D26}", left);
    }

    private async Task TakePartAsync(string number, string contact)
    {
        DateTimeOffset now = App.Clock.GetUtcNow();
        await WriteAsync(Containers.Giveaways, Event, new Participant(
            $"PARTICIPANT_{number}", Event, "Somebody", contact, $"CONTACT-{number}", "hash", now, now));
        await WriteAsync(
            Containers.Giveaways, Event,
            new Prize($"PRIZE_{number}", Event, "1", 1, $"Tea {number}", PrizeKind.GiftCard, 100, "INR", null, PrizeState.Won)
            {
                Winner = $"PARTICIPANT_{number}",
            });
        WinnerNotice won = new(Event, $"PARTICIPANT_{number}", $"PRIZE_{number}", $"Tea {number}", now.AddMinutes(10));
        await WriteAsync(
            Containers.Giveaways, Event,
            OutboxMessage.OfGiveaway(Event, GiveawayMessages.NoticeKind, won, App.Clock, $"NOTICE-{number}"));
    }

    private async Task<Mail> MailAsync(string to, string subject)
    {
        Mail? found = null;
        await Eventually.TrueAsync(
            () => (found = App.Mailbox.Latest.FirstOrDefault(mail => mail.To == to && mail.Subject == subject)) is not null,
            $"'{subject}' to {to}");
        return found!;
    }

    private async Task<string> AppointAsync(string role)
    {
        string user = await App.UserAsync();
        await App.SendAsync(user, HttpMethod.Get, "notifications/unread", role: role);
        return user;
    }

    private Task<ItemResponse<OutboxMessage>> TellTenantAsync(string user, string kind, object payload)
    {
        string tenant = Membership.OwnTenantOf(user);
        return WriteAsync(Containers.Escrow, tenant, OutboxMessage.OfTenant(tenant, kind, payload, App.Clock));
    }

    private async Task<string[]> TitlesAsync(string user, string role, int count)
    {
        string[] titles = [];
        await Eventually.TrueAsync(
            async () =>
            {
                JsonElement page = (await App.SendAsync(user, HttpMethod.Get, "notifications?limit=100", role: role)).Body;
                titles = [.. page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("title").GetString()!)];
                return titles.Length >= count;
            },
            $"{user} has {count} notices");
        return [.. titles.Order(StringComparer.Ordinal)];
    }

    private Task<ItemResponse<T>> WriteAsync<T>(string container, string partition, T document) => App.Get<CosmosClient>()
        .GetContainer(Containers.Database, container).CreateItemAsync(document, new PartitionKey(partition));

    /// <summary>One app for all.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        internal NoticeApp App { get; private set; } = null!;

        public async Task InitializeAsync() => App = await NoticeApp.StartAsync();

        public async Task DisposeAsync() => await App.DisposeAsync();
    }
}
