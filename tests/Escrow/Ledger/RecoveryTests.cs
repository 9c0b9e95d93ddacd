using FinVault.Escrow;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Escrow.Ledger;

/// <summary>A caller that dies at every request of a command in turn, before the store does it or after.</summary>
public sealed class RecoveryTests : LedgerTest
{
    // More than any command makes.
    private const int MostRequests = 30;

    private static readonly TimeSpan HoldFor = TimeSpan.FromHours(1);

    public static TheoryData<string, bool> Deaths()
    {
        TheoryData<string, bool> data = [];
        foreach (string command in (string[])["transfer", "hold", "post", "void", "expire", "reverse"])
        {
            data.Add(command, false);
            data.Add(command, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task Command_ThatDiesAnywhere_IsDoneOnceByCallingItAgain(string command, bool after) =>
        await EachDeathAsync(command, after, async id =>
        {
            TransferResult result = await CallAsync(AnotherProcess(), command, id);
            Assert.True(result.IsDone, $"{id}: {result.Code}");
            Assert.NotEqual(TransferState.Posting, result.Transfer!.State);
            return result.Transfer;
        });

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task Command_ThatDiesAnywhere_IsWholeOrNotAtAllAfterRecovery(string command, bool after) =>
        await EachDeathAsync(command, after, async id =>
        {
            await AnotherProcess().RecoverAsync(default);
            return await Ledger.FindTransferAsync(MovedBy(command, id), default);
        });

    private async Task EachDeathAsync(string command, bool after, Func<string, Task<Transfer?>> mend)
    {
        await FundAsync(1_000_000);
        using DyingHandler dying = new(Cosmos.CreateHandler(), after);
        using CosmosClient client = dying.CreateClient();
        FinVault.Escrow.Ledger mortal = AnotherProcess(client);
        await mortal.FindAccountAsync(Host, default);
        int deaths = 0;
        for (int lives = 0; lives < MostRequests; lives++)
        {
            string id = $"T{lives}";
            await PrepareAsync(command, id);
            dying.Lives = lives;
            TransferResult? result = await TryAsync(() => CallAsync(mortal, command, id));
            dying.Lives = int.MaxValue;
            await AssertBalancedAsync();
            Transfer? mended = await mend(id);
            await AssertSettledAsync();
            Assert.Equal(mended is null ? 0 : LegsOf(mended), await CountAsync(MovedBy(command, id)));
            if (result is not null)
            {
                Assert.True(deaths > 2, $"{deaths} deaths of {command}");
                return;
            }

            deaths++;
        }

        Assert.Fail($"{command} takes more than {MostRequests} requests.");
    }

    private static string MovedBy(string command, string id) => command == "reverse" ? Transfer.ReversalOf(id) : id;

    private static int LegsOf(Transfer transfer) => (transfer.State, transfer.ExpiresAt) switch
    {
        (TransferState.Pending, _) => 1,
        (TransferState.Posted, not null) => 3,
        _ => 2,
    };

    private async Task<int> CountAsync(string id) =>
        (await AllAsync<LedgerEntry>("entry")).Count(entry => entry.Transfer == id);

    private async Task PrepareAsync(string command, string id)
    {
        if (command is "post" or "void" or "expire")
        {
            Assert.Equal(TransferCode.Created, (await Ledger.HoldAsync(Pay(10, id), HoldFor, default)).Code);
        }

        if (command is "expire")
        {
            Clock.Advance(HoldFor);
        }

        if (command is "reverse")
        {
            Assert.Equal(TransferCode.Posted, (await Ledger.TransferAsync(Pay(10, id), default)).Code);
        }
    }

    private static Task<TransferResult> CallAsync(FinVault.Escrow.Ledger ledger, string command, string id) => command switch
    {
        "transfer" => ledger.TransferAsync(Pay(10, id), default),
        "hold" => ledger.HoldAsync(Pay(10, id), HoldFor, default),
        "post" => ledger.PostAsync(id, 4, default),
        "void" => ledger.VoidAsync(id, default),
        "expire" => ledger.ExpireAsync(id, default),
        _ => ledger.ReverseAsync(id, "mistake", default),
    };

    private static async Task<TransferResult?> TryAsync(Func<Task<TransferResult>> call)
    {
        try
        {
            return await call();
        }
        catch (CosmosException died) when (Failures.IsTransient(died))
        {
            return null;
        }
    }
}
