using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Platform;

namespace FinVault.Local.Payments;

/// <summary>
/// A payment provider on this machine: moves, pays and vends what it is asked to, once for each reference, and says so
/// by signed webhooks. What it knows is in the data folder. Its switches make it as bad as a real one on a bad day.
/// </summary>
public sealed class ProviderSimulator : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SimulatedOperation> _operations = [];
    private readonly Dictionary<string, SimulatedAccount> _accounts = [];
    private readonly Dictionary<string, SimulatedEvent> _events = [];
    private readonly List<ProviderFault> _faults = [];
    private readonly List<string> _held = [];
    private readonly ProviderJournal _journal;
    private readonly WebhookSender _sender;
    private readonly TimeProvider _time;
    private ProviderWebhooks _webhooks = new();

    public ProviderSimulator(string? path, PaymentOptions options, TimeProvider time)
    {
        _time = time;
        _journal = ProviderJournal.Open(path, Read);
        _sender = new(options, time, Delivered);
    }

    /// <summary>Everything that it was asked to do, in order.</summary>
    public IReadOnlyList<SimulatedOperation> Operations
    {
        get
        {
            lock (_gate)
            {
                return [.. _operations.Values];
            }
        }
    }

    /// <summary>The switches as they are now: calls that are still to go wrong.</summary>
    public ProviderFaults Faults
    {
        get
        {
            lock (_gate)
            {
                return new([.. _faults], _webhooks);
            }
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            lock (_gate)
            {
                _faults.Clear();
                _faults.AddRange(value.Calls ?? []);
                _webhooks = value.Webhooks ?? new();
            }
        }
    }

    /// <summary>Says where webhooks go to, and sends those that nobody has taken yet.</summary>
    public void Start(Uri webhooks)
    {
        _sender.Target = webhooks;
        SimulatedEvent[] left;
        lock (_gate)
        {
            left = [.. _events.Values.Where(one => !one.Delivered)];
        }

        foreach (SimulatedEvent one in left)
        {
            _sender.Send(one, 1);
        }
    }

    /// <summary>The fault that this call meets, if any; it is one less then.</summary>
    public ProviderFault? Draw(string on, string? reference)
    {
        lock (_gate)
        {
            int i = _faults.FindIndex(fault => (fault.On is null || fault.On == on)
                && (fault.Reference is null || reference?.EndsWith(fault.Reference, StringComparison.Ordinal) == true));
            if (i < 0)
            {
                return null;
            }

            ProviderFault met = _faults[i];
            if (met.Times > 1)
            {
                _faults[i] = met with { Times = met.Times - 1 };
            }
            else
            {
                _faults.RemoveAt(i);
            }

            return met;
        }
    }

    public SimulatedOperation? Find(string reference)
    {
        lock (_gate)
        {
            return _operations.GetValueOrDefault(reference);
        }
    }

    /// <summary>Does what is asked, once; null when the reference stands for something else.</summary>
    public async Task<SimulatedOperation?> DoAsync(SimulatedOperation asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        SimulatedOperation? done;
        lock (_gate)
        {
            if (_operations.TryGetValue(asked.Reference, out done))
            {
                return done.Content == asked.Content ? done : null;
            }

            Keep(asked);
        }

        ProviderState outcome = asked.IsDeclined ? ProviderState.Failed : _webhooks.Outcome;
        if (asked.State == ProviderState.Accepted && outcome != ProviderState.Accepted)
        {
            await SettleAsync(asked.Reference, outcome);
        }

        // As it stood when it was taken: how it ends is told by the webhook, and to those who ask later.
        return asked;
    }

    /// <summary>Ends a payout, vend or charge that was taken, and tells it.</summary>
    public async Task<SimulatedOperation?> SettleAsync(string reference, ProviderState outcome)
    {
        SimulatedOperation ended;
        lock (_gate)
        {
            if (!_operations.TryGetValue(reference, out SimulatedOperation? taken)
                || taken.State != ProviderState.Accepted)
            {
                return taken;
            }

            ended = taken with
            {
                State = outcome, Failure = outcome == ProviderState.Failed ? "account_closed" : null,
            };
            Keep(ended);
        }

        await RaiseAsync(
            (ended.Kind == "charges" ? "charge" : "payout") + (outcome == ProviderState.Failed ? "_failed" : "_success"),
            new { ended.Reference, ended.Amount, ended.Currency, ended.Failure, ended.Fee });
        return ended;
    }

    /// <summary>The virtual bank account of a wallet, the same each time.</summary>
    public SimulatedAccount Open(string account, string currency)
    {
        lock (_gate)
        {
            if (!_accounts.TryGetValue(account, out SimulatedAccount? opened))
            {
                byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(account));
                string number = (BitConverter.ToUInt64(hash) % 10_000_000_000).ToString("D10", CultureInfo.InvariantCulture);
                opened = new(account, currency, $"99{number}");
                _accounts.Add(account, opened);
                _journal.Write(new(Account: opened));
            }

            return opened;
        }
    }

    /// <summary>Raises an event: keeps it, and sends it as the switches say.</summary>
    /// <returns>The event's id.</returns>
    public async Task<string> RaiseAsync(string type, object data, string? id = null)
    {
        SimulatedEvent raised = new(
            id ?? Ids.New("EVT", _time), type, JsonSerializer.SerializeToElement(data, Json.Options));
        ProviderWebhooks webhooks = _webhooks;
        lock (_gate)
        {
            Keep(raised);
            if (webhooks.Hold)
            {
                _held.Add(raised.Id);
                return raised.Id;
            }
        }

        if (webhooks.Early)
        {
            await _sender.SendOnceAsync(raised, webhooks.Copies);
        }
        else
        {
            _sender.Send(raised, webhooks.Copies);
        }

        return raised.Id;
    }

    /// <summary>Sends what was held back, one after the other.</summary>
    public async Task ReleaseAsync(bool reversed)
    {
        SimulatedEvent[] held;
        lock (_gate)
        {
            held = [.. _held.Select(id => _events[id])];
            _held.Clear();
        }

        foreach (SimulatedEvent one in reversed ? held.Reverse() : held)
        {
            await _sender.SendOnceAsync(one, _webhooks.Copies);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        _journal.Dispose();
    }

    private void Delivered(SimulatedEvent one)
    {
        lock (_gate)
        {
            Keep(one with { Delivered = true });
        }
    }

    private void Keep(SimulatedOperation operation)
    {
        _operations[operation.Reference] = operation;
        _journal.Write(new(Operation: operation));
    }

    private void Keep(SimulatedEvent one)
    {
        _events[one.Id] = one;
        _journal.Write(new(Event: one));
    }

    private void Read(ProviderLine line)
    {
        if (line.Operation is { } operation)
        {
            _operations[operation.Reference] = operation;
        }

        if (line.Account is { } account)
        {
            _accounts[account.Account] = account;
        }

        if (line.Event is { } one)
        {
            _events[one.Id] = one;
        }
    }
}
