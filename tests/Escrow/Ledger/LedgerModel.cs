using FinVault.Escrow;

namespace FinVault.Tests.Escrow.Ledger;

/// <summary>What the ledger promises, in plain memory: no store, no retries, one caller, and nothing ever fails.</summary>
internal sealed class LedgerModel
{
    private readonly Dictionary<string, TransferState> _states = [];
    private readonly Dictionary<string, (string From, string To, long Amount, bool IsHold)> _claims = [];
    private readonly Dictionary<string, (string From, string To, long Amount, long Posted, DateTimeOffset? Ends)> _transfers = [];

    public Dictionary<string, (long Available, long Held)> Balances { get; } = [];

    public IReadOnlyDictionary<string, TransferState> States => _states;

    /// <summary>The account that may be overdrawn.</summary>
    public required string Overdrawable { get; init; }

    public TransferCode Begin(string id, string from, string to, long amount, DateTimeOffset? ends)
    {
        // An id keeps its content, also when funds were lacking.
        (string, string, long, bool) content = (from, to, amount, ends is not null);
        if (_claims.TryGetValue(id, out var known) && known != content)
        {
            return TransferCode.DifferentContent;
        }

        _claims[id] = content;
        if (_transfers.ContainsKey(id))
        {
            return TransferCode.AlreadyDone;
        }

        if (from != Overdrawable && Balances[from].Available < amount)
        {
            return TransferCode.InsufficientFunds;
        }

        _transfers[id] = (from, to, amount, ends is null ? amount : 0, ends);
        Move(from, -amount, ends is null ? 0 : amount);
        if (ends is null)
        {
            Move(to, amount, 0);
        }

        _states[id] = ends is null ? TransferState.Posted : TransferState.Pending;
        return ends is null ? TransferCode.Posted : TransferCode.Created;
    }

    public TransferCode Decide(string id, TransferEvent wanted, long? part, DateTimeOffset now)
    {
        if (!_transfers.TryGetValue(id, out var transfer))
        {
            return TransferCode.UnknownTransfer;
        }

        if (_states[id] != TransferState.Pending)
        {
            return Late(id, wanted, part ?? transfer.Amount);
        }

        if (transfer.Ends <= now)
        {
            End(id, TransferState.Expired, 0);
            return wanted == TransferEvent.Expire ? TransferCode.Expired : TransferCode.AlreadyExpired;
        }

        if (wanted == TransferEvent.Expire)
        {
            return TransferCode.NotDue;
        }

        if (wanted == TransferEvent.Void)
        {
            End(id, TransferState.Voided, 0);
            return TransferCode.Voided;
        }

        long posted = part ?? transfer.Amount;
        if (posted > transfer.Amount)
        {
            return TransferCode.ExceedsHold;
        }

        End(id, TransferState.Posted, posted);
        return TransferCode.Posted;
    }

    public TransferCode Reverse(string id)
    {
        if (!_transfers.TryGetValue(id, out var transfer))
        {
            return TransferCode.UnknownTransfer;
        }

        return _states[id] == TransferState.Posted
            ? Begin(Transfer.ReversalOf(id), transfer.To, transfer.From, transfer.Posted, null)
            : TransferCode.NotPosted;
    }

    /// <summary>Ends the holds that are over, as recovery does.</summary>
    public void ExpireDue(DateTimeOffset now)
    {
        foreach (string id in _states.Where(one => one.Value == TransferState.Pending).Select(one => one.Key).ToArray())
        {
            if (_transfers[id].Ends <= now)
            {
                End(id, TransferState.Expired, 0);
            }
        }
    }

    private TransferCode Late(string id, TransferEvent wanted, long posted) => (_states[id], wanted) switch
    {
        (TransferState.Posted, TransferEvent.Post) when _transfers[id].Ends is not null && _transfers[id].Posted == posted =>
            TransferCode.AlreadyDone,
        (TransferState.Voided, TransferEvent.Void) or (TransferState.Expired, TransferEvent.Expire) => TransferCode.AlreadyDone,
        (TransferState.Posted, _) => TransferCode.AlreadyPosted,
        (TransferState.Voided, _) => TransferCode.AlreadyVoided,
        _ => TransferCode.AlreadyExpired,
    };

    private void End(string id, TransferState state, long posted)
    {
        var transfer = _transfers[id];
        Move(transfer.From, transfer.Amount - posted, -transfer.Amount);
        Move(transfer.To, posted, 0);
        _transfers[id] = transfer with { Posted = posted };
        _states[id] = state;
    }

    private void Move(string account, long available, long held)
    {
        (long a, long h) = Balances[account];
        Balances[account] = (a + available, h + held);
    }
}
