using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Giveaways;

/// <summary>Many participants that all try at once, each once, and what must be so afterwards.</summary>
internal sealed class AttemptCrowd(string giveaway, IReadOnlyList<(string Participant, string Token)> members)
{
    private readonly ConcurrentDictionary<string, AttemptAnswer> _answers = new(StringComparer.Ordinal);
    private readonly string[] _attempts =
        [.. members.Select(_ => Ids.New(AttemptRequest.Prefix, TimeProvider.System))];

    public int Answered => _answers.Count;

    /// <summary>Registers a crowd, by the store: it is the attempts that are tried here.</summary>
    public static async Task<AttemptCrowd> RegisterAsync(
        IServiceProvider services, string giveaway, int count, DateTimeOffset now)
    {
        Container container = services.GetRequiredService<GiveawayDocuments>().Container;
        List<(string, string)> members = [];
        foreach (int[] chunk in Enumerable.Range(0, count).Chunk(GiveawayDocuments.MaxBatch))
        {
            TransactionalBatch batch = container.CreateTransactionalBatch(new PartitionKey(giveaway));
            foreach (int number in chunk)
            {
                string id = Ids.New(Participant.Prefix, now);
                const string Secret = "a-secret-of-the-crowd";
                batch.CreateItem(new Participant(
                    id, giveaway, $"Member {number}", $"member{number}@example.in", $"CONTACT-{number}",
                    ParticipantToken.HashOf(Secret), now, now));
                members.Add((id, $"{id}.{Secret}"));
            }

            Assert.True((await batch.ExecuteAsync()).IsSuccessStatusCode);
        }

        return new(giveaway, members);
    }

    /// <summary>
    /// Everybody tries over HTTP, so many at a time. Who is told to come back or loses the server does, with the same
    /// id.
    /// </summary>
    public async Task RunAsync(Uri server, int atOnce, Func<Uri>? now = null)
    {
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = atOnce };
        using HttpClient client = new(handler);
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < members.Count; i = Interlocked.Increment(ref next))
            {
                await TryUntilAnsweredAsync(client, now ?? (() => server), i);
            }
        }));
    }

    /// <summary>Everybody tries at once, spread over several objects that share nothing but the store.</summary>
    public async Task RunApartAsync(IServiceProvider services, int processes)
    {
        SlotAttempts[] apart = [.. Enumerable.Range(0, processes).Select(_ => Another(services))];
        await Task.WhenAll(members.Select(async (member, i) =>
        {
            ParticipantToken token = new(member.Participant, ParticipantToken.HashOf(member.Token.Split('.')[1]));
            _answers[_attempts[i]] = await apart[i % processes].AttemptAsync(giveaway, token, new(_attempts[i]));
        }));
    }

    /// <summary>Exactly so many winners, each prize once, and everybody was told what the store says.</summary>
    public async Task AssertExactlyAsync(IServiceProvider services, int prizes)
    {
        GiveawayDocuments documents = services.GetRequiredService<GiveawayDocuments>();
        AttemptStore store = services.GetRequiredService<AttemptStore>();
        List<Winner> winners = await store.WinnersAsync(giveaway, default);
        List<Prize> units = await services.GetRequiredService<PrizeStore>().AllAsync(giveaway, default);
        PrizeGate gate = (await store.FindGateAsync(giveaway, default))!;

        Assert.Equal(members.Count, _answers.Count);
        Assert.Equal(prizes, _answers.Values.Count(answer => answer.Won));
        Assert.Equal(prizes, winners.Count);
        Assert.Equal(prizes, winners.Select(winner => winner.Prize).Distinct().Count());
        Assert.Equal(prizes, winners.Select(winner => winner.Participant).Distinct().Count());
        Assert.Equal(gate.Prizes - prizes, gate.Remaining);
        Assert.Equal(
            winners.Select(winner => (winner.Attempt!, winner.Prize)).Order(),
            _answers.Values.Where(answer => answer.Won).Select(answer => (answer.Id, answer.Prize!)).Order());
        Assert.Equal(
            winners.ToDictionary(winner => winner.Prize, winner => winner.Participant),
            units.Where(unit => unit.Winner is not null).ToDictionary(unit => unit.Id, unit => unit.Winner!));
        await AssertReceiptsAsync(services, documents);
    }

    private async Task AssertReceiptsAsync(IServiceProvider services, GiveawayDocuments documents)
    {
        Giveaway found = (await documents.FindAsync<Giveaway>(giveaway, giveaway, default))!;
        SlotMachine machine = await services.GetRequiredService<Draws>()
            .SlotMachineAsync(giveaway, found.Draw!.Commitment, default);
        foreach (AttemptAnswer answer in _answers.Values.Where(answer => answer.Receipt is not null))
        {
            Assert.Null(machine.FaultOf(answer.Receipt!));
        }
    }

    private async Task TryUntilAnsweredAsync(HttpClient client, Func<Uri> server, int i)
    {
        while (true)
        {
            using HttpRequestMessage request = new(
                HttpMethod.Post, new Uri(server(), $"api/v1/public/giveaways/{giveaway}/attempts"));
            request.Content = JsonContent.Create(new AttemptRequest(_attempts[i]), options: Json.Options);
            request.Headers.Add(ParticipantToken.Header, members[i].Token);
            try
            {
                using HttpResponseMessage answer = await client.SendAsync(request);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    _answers[_attempts[i]] = (await answer.Content.ReadFromJsonAsync<AttemptAnswer>(Json.Options))!;
                    return;
                }

                string text = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{(int)answer.StatusCode}: {text}");
            }
            catch (Exception lost) when (lost is HttpRequestException or JsonException or IOException)
            {
                await Task.Delay(20);
            }
        }
    }

    private static SlotAttempts Another(IServiceProvider services)
    {
        GiveawayDocuments documents = services.GetRequiredService<GiveawayDocuments>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        return new(
            new GiveawayStore(documents, time), new AttemptStore(documents, time), new ParticipantStore(documents),
            services.GetRequiredService<Draws>(), time);
    }
}
