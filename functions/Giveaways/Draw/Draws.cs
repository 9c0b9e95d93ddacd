using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FinVault.Identity;

namespace FinVault.Giveaways.Draw;

/// <summary>
/// The draws of all giveaways, from the commitment at scheduling over the close to the reveal. Every step may be
/// repeated: what was done stays as it was done first.
/// </summary>
public sealed class Draws
{
    private readonly DrawStore _store;
    private readonly IRandomnessBeacon _beacon;
    private readonly DrawOptions _options;
    private readonly SecretBox _box;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, SlotMachine> _machines = new(StringComparer.Ordinal);

    internal Draws(DrawStore store, IRandomnessBeacon beacon, DrawOptions options, SecretBox box, TimeProvider time)
    {
        _store = store;
        _beacon = beacon;
        _options = options;
        _box = box;
        _time = time;
    }

    /// <summary>
    /// Commits to a new seed and to the plan's rules, to be published before the start. The same plan again answers
    /// the commitment that stands; another plan supersedes it, until <see cref="DrawPlan.StartsAt"/> has come.
    /// </summary>
    /// <exception cref="ArgumentException">The plan is not valid.</exception>
    /// <exception cref="InvalidOperationException">The giveaway has started with another plan.</exception>
    public async Task<DrawNotice> CommitAsync(DrawPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        DrawRules rules = RulesOf(plan);
        while (true)
        {
            DrawDocument? old = await _store.FindAsync(plan.Giveaway, cancellationToken);
            if (old is not null && old.Rules.ToText() == rules.ToText())
            {
                return old.ToNotice();
            }

            if (old is not null && (old.State != DrawState.Committed || old.StartsAt <= Now()))
            {
                throw new InvalidOperationException($"The draw of {plan.Giveaway} has begun; its rules stand.");
            }

            byte[] seed = RandomNumberGenerator.GetBytes(DrawScheme.Bytes);
            DrawNotice notice = ProvableDraw.Commit(seed, rules, Now());
            DrawDocument draw = new(
                plan.Giveaway, DrawState.Committed, rules, _box.Close(seed, plan.Giveaway), notice.Commitment, notice.CommittedAt,
                plan.StartsAt)
            {
                ETag = old?.ETag,
                Superseded = old is null
                    ? []
                    : [.. old.Superseded, new(old.Commitment, old.CommittedAt, notice.CommittedAt)],
            };
            if (await (old is null
                ? _store.CreateAsync(draw, cancellationToken)
                : _store.ReplaceAsync(draw, cancellationToken)))
            {
                return draw.ToNotice();
            }
        }
    }

    /// <summary>
    /// Closes the entries and publishes their root, before the beacon's round is public. From then on nobody enters
    /// or leaves; a repeated close answers what the first one closed.
    /// </summary>
    /// <param name="giveaway">The giveaway's id.</param>
    /// <param name="entries">All that take part, in any order. In slot-machine mode an entry's id is a participant's.</param>
    /// <param name="receipts">The winning attempts of slot-machine mode, else none.</param>
    /// <param name="cancellationToken">Gives up; the close may be done or not.</param>
    public async Task<DrawNotice> CloseAsync(
        string giveaway, IReadOnlyList<DrawEntry> entries, IReadOnlyList<SlotReceipt> receipts,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            DrawDocument draw = await ReadAsync(giveaway, cancellationToken);
            if (draw.State != DrawState.Committed)
            {
                return draw.ToNotice();
            }

            DrawEntry[] ordered = DrawEntry.InOrder(entries);
            if (DrawEntry.Fault(ordered, draw.Rules.Odds) is { } fault)
            {
                throw new ArgumentException(fault, nameof(entries));
            }

            string root = DrawScheme.Hex(new EntryTree(ordered).Root());
            string parts = DrawScheme.Hex(SHA256.HashData(Encoding.UTF8.GetBytes(
                string.Join('\n', receipts.Select(receipt => receipt.Seal).Prepend(root)))))[..16];
            await _store.WritePartsAsync(giveaway, parts, ordered, receipts, cancellationToken);
            DrawDocument closed = draw with
            {
                State = DrawState.Closed,
                ClosedAt = Now(),
                EntryRoot = root,
                EntryCount = ordered.Length,
                ReceiptCount = receipts.Count,
                Parts = parts,
            };
            if (await _store.ReplaceAsync(closed, cancellationToken))
            {
                return closed.ToNotice();
            }
        }
    }

    /// <summary>When <see cref="RevealAsync"/> can succeed at the earliest; now, where nothing is drawn.</summary>
    public static DateTimeOffset RevealAt(DrawNotice closed)
    {
        ArgumentNullException.ThrowIfNull(closed);
        DateTimeOffset closedAt = closed.ClosedAt ?? throw new ArgumentException("The draw is not closed.");
        return closed.Rules.Beacon is { } beacon
            ? (beacon with { Round = beacon.RoundFor(closedAt) }).PublicAt()
            : closedAt;
    }

    /// <summary>Draws and reveals the seed; null while the beacon's round is not public.</summary>
    /// <exception cref="BeaconException">The beacon cannot be asked now.</exception>
    /// <exception cref="InvalidOperationException">The entries are not closed.</exception>
    public async Task<DrawRecord?> RevealAsync(string giveaway, CancellationToken cancellationToken)
    {
        while (true)
        {
            DrawDocument draw = await ReadAsync(giveaway, cancellationToken);
            if (draw.State == DrawState.Revealed)
            {
                return await RecordAsync(draw, cancellationToken);
            }

            DateTimeOffset closedAt = draw.ClosedAt
                ?? throw new InvalidOperationException($"The entries of {giveaway} are not closed.");
            BeaconRound? round = null;
            if (draw.Rules.Beacon is { } beacon)
            {
                round = await _beacon.GetAsync(beacon.RoundFor(closedAt), cancellationToken);
                if (round is null)
                {
                    return null;
                }
            }

            // From here on everybody may know the seed, whatever becomes of the key that it was encrypted with.
            DrawDocument drawn = draw with
            {
                State = DrawState.Revealed, Beacon = round, DrawnAt = Now(), ServerSeed = DrawScheme.Hex(SeedOf(draw)),
            };
            DrawRecord record = await RecordAsync(drawn, cancellationToken);
            if (await _store.ReplaceAsync(drawn with { Result = DigestOf(record) }, cancellationToken))
            {
                return record;
            }
        }
    }

    /// <summary>Publishes the seed of a giveaway that was cancelled, so that its attempts can be checked.</summary>
    public async Task DiscloseAsync(string giveaway, CancellationToken cancellationToken)
    {
        while (await _store.FindAsync(giveaway, cancellationToken) is { IsSeedPublic: false } draw
            && !await _store.ReplaceAsync(
                draw with { DisclosedAt = Now(), ServerSeed = DrawScheme.Hex(SeedOf(draw)) }, cancellationToken))
        {
            // Somebody else changed it since it was read.
        }
    }

    /// <summary>
    /// Gives the prizes of some entries to runners-up, or draws again for them; see <see cref="ProvableDraw.Replace"/>.
    /// </summary>
    /// <param name="giveaway">The giveaway's id.</param>
    /// <param name="operation">Names this replacement: the same name again changes nothing.</param>
    /// <param name="kind">Where the new winners come from.</param>
    /// <param name="removed">Entries that lose their prizes, or must not get one.</param>
    /// <param name="reason">Shown to everybody.</param>
    /// <param name="cancellationToken">Gives up; it may be done or not.</param>
    public async Task<DrawRecord> ReplaceAsync(
        string giveaway, string operation, ReplacementKind kind, IReadOnlyList<string> removed, string reason,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            DrawDocument draw = await ReadAsync(giveaway, cancellationToken);
            if (draw.State != DrawState.Revealed)
            {
                throw new InvalidOperationException($"The winners of {giveaway} are not drawn.");
            }

            DrawRecord record = await RecordAsync(draw, cancellationToken);
            if (draw.Replacements.Any(one => one.Operation == operation))
            {
                return record;
            }

            DateTimeOffset now = Now();
            DrawRecord replaced = ProvableDraw.Replace(record, kind, removed, reason, now);
            StoredReplacement stored = new(operation, kind, removed, reason, now);
            DrawDocument next = draw with { Replacements = [.. draw.Replacements, stored] };
            if (await _store.ReplaceAsync(next, cancellationToken))
            {
                return replaced;
            }
        }
    }

    /// <summary>What is public of a draw before its reveal; null when nothing was committed to.</summary>
    public async Task<DrawNotice?> NoticeAsync(string giveaway, CancellationToken cancellationToken) =>
        (await _store.FindAsync(giveaway, cancellationToken))?.ToNotice();

    /// <summary>The record; null before the reveal.</summary>
    public async Task<DrawRecord?> RecordAsync(string giveaway, CancellationToken cancellationToken) =>
        await _store.FindAsync(giveaway, cancellationToken) is { State: DrawState.Revealed } draw
            ? await RecordAsync(draw, cancellationToken)
            : null;

    /// <summary>An entry's leaf and audit path, from the close on; null when it is not among the entries.</summary>
    public async Task<EntryInclusion?> InclusionAsync(string giveaway, string entry, CancellationToken cancellationToken)
    {
        DrawDocument draw = await ReadAsync(giveaway, cancellationToken);
        IReadOnlyList<DrawEntry> entries = await _store.EntriesAsync(draw, cancellationToken);
        EntryTree tree = new(entries);
        return entries.Index().FirstOrDefault(one => one.Item.Id == entry) is (var index, { } found)
            ? new(found, index, tree.Count, DrawScheme.Hex(tree.Root()), tree.ProofOf(index))
            : null;
    }

    /// <summary>The machine that decides attempts; kept in memory, since its commitment stands once it has started.</summary>
    /// <param name="giveaway">The giveaway's id.</param>
    /// <param name="commitment">As the giveaway knows it; another one is looked up anew.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is no such commitment, or it has no slots.</exception>
    public async ValueTask<SlotMachine> SlotMachineAsync(
        string giveaway, string commitment, CancellationToken cancellationToken)
    {
        if (_machines.TryGetValue(commitment, out SlotMachine? machine))
        {
            return machine;
        }

        DrawDocument draw = await ReadAsync(giveaway, cancellationToken);
        if (draw.Commitment != commitment || draw.Rules.Slots is null)
        {
            throw new InvalidOperationException($"{giveaway} has no slot machine of commitment {commitment}.");
        }

        // Far more than run at once, and quickly filled again.
        if (_machines.Count > 1_000)
        {
            _machines.Clear();
        }

        return _machines.GetOrAdd(commitment, new SlotMachine(SeedOf(draw), draw.Rules));
    }

    private DrawRules RulesOf(DrawPlan plan)
    {
        bool drawn = plan.Mode != DrawMode.SlotMachine || plan.RunnersUp > 0;
        SlotRules? slots = plan.Slots is { } odds
            ? new(
                plan.StartsAt.ToUnixTimeMilliseconds(), plan.EndsAt.ToUnixTimeMilliseconds(),
                (long)odds.FinalWindow.TotalMilliseconds, odds.ExpectedAttempts, (long)(odds.Cap * SlotMachine.Billion))
            : null;
        return new(
            plan.Giveaway, plan.Mode, plan.Odds, plan.Prizes, plan.RunnersUp, plan.MinPoints,
            drawn ? _beacon.RoundAt(plan.EndsAt.AddSeconds(_options.BeaconMarginSeconds)) : null, slots);
    }

    private async Task<DrawDocument> ReadAsync(string giveaway, CancellationToken cancellationToken) =>
        await _store.FindAsync(giveaway, cancellationToken)
            ?? throw new InvalidOperationException($"{giveaway} has no draw.");

    private async Task<DrawRecord> RecordAsync(DrawDocument draw, CancellationToken cancellationToken)
    {
        DrawRecord record = ProvableDraw.Draw(new(
            draw.Rules, SeedOf(draw), draw.CommittedAt, draw.ClosedAt!.Value,
            await _store.EntriesAsync(draw, cancellationToken), draw.Beacon,
            await _store.ReceiptsAsync(draw, cancellationToken), draw.DrawnAt!.Value));
        if (draw.Result is { } result && result != DigestOf(record))
        {
            throw new InvalidOperationException($"The draw of {draw.Giveaway} gives another result than it did first.");
        }

        return draw.Replacements.Aggregate(
            record, (so, one) => ProvableDraw.Replace(so, one.Kind, one.Removed, one.Reason, one.At));
    }

    private byte[] SeedOf(DrawDocument draw) => draw.IsSeedPublic
        ? Convert.FromHexString(draw.ServerSeed)
        : _box.Open(draw.ServerSeed, draw.Giveaway);

    private static string DigestOf(DrawRecord record) => DrawScheme.Hex(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', record.Winners.Concat(record.RunnersUp).Select(pick => $"{pick.Rank}|{pick.Entry}")))));

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
}
