import { describe, expect, it } from 'vitest';
import { quoteOf } from '../testing';
import { backoffMs } from './backoff';
import { LiveConnection, type Hub, type LiveState } from './connection';

class FakeHub implements Hub {
  readonly calls: unknown[][] = [];
  closed: () => void = () => undefined;
  readonly handlers = new Map<string, (message: never) => void>();
  refuses: string | null = null;
  constructor(private readonly fails: boolean) {}
  start(): Promise<void> {
    return this.fails ? Promise.reject(new Error('refused')) : Promise.resolve();
  }
  stop(): Promise<void> {
    this.closed();
    return Promise.resolve();
  }
  invoke<T>(method: string, ...args: unknown[]): Promise<T> {
    this.calls.push([method, ...args]);
    if (method === this.refuses) return Promise.reject(new Error('refused'));
    const asked = Array.isArray(args[0]) ? (args[0] as string[]) : [];
    const known = asked.filter((symbol) => symbol !== 'NOPE');
    const unknown = asked.filter((symbol) => symbol === 'NOPE');
    const packed = method === 'WatchPacked' ? { packed: 500, of: 120 } : {};
    return Promise.resolve({ board: 'all', symbols: known, unknown, quotes: [quoteOf({ seq: 9 })], ...packed } as T);
  }
  on(method: string, handler: (message: never) => void): void {
    this.handlers.set(method, handler);
  }
  onclose(handler: () => void): void {
    this.closed = handler;
  }
}

function harness(failures = 0) {
  const hubs: FakeHub[] = [];
  const states: LiveState[] = [];
  const snapshots: number[] = [];
  const unknown: string[][] = [];
  const rooms: unknown[] = [];
  const listed: number[] = [];
  const waits: { run: () => void; ms: number }[] = [];
  const around = { online: true };
  const live = new LiveConnection(() => {
    hubs.push(new FakeHub(hubs.length < failures));
    return hubs.at(-1)!;
  }, {
    state: (state) => states.push(state), quotes: () => undefined, snapshot: (quotes) => snapshots.push(quotes.length),
    unknown: (names) => unknown.push(names), feed: () => undefined, conflated: () => undefined,
    packed: (message) => listed.push(message.of), listed: (count) => listed.push(count),
    room: (message) => rooms.push(message), joined: () => rooms.push('joined'), notice: () => undefined,
    portfolio: () => undefined,
  }, {
    now: () => 0, random: () => 0, online: () => around.online,
    later: (run, ms) => {
      waits.push({ run, ms });
      return () => waits.splice(0);
    },
  });
  const settle = async (): Promise<void> => { for (let turn = 0; turn < 20; turn++) await Promise.resolve(); };
  const retry = async (): Promise<void> => { waits.shift()!.run(); await settle(); };
  return { live, hubs, states, snapshots, unknown, rooms, listed, waits, around, settle, retry };
}

describe('LiveConnection', () => {
  it('says what the page wants on connect and takes the answers as snapshots', async () => {
    const { live, hubs, states, snapshots, unknown, settle } = harness();
    live.want({ board: 'all', symbols: ['TCS', 'NOPE'] });
    live.start();
    await settle();
    expect(hubs[0]!.calls).toEqual([['WatchBoard', 'all'], ['Watch', ['TCS', 'NOPE']]]);
    expect([states, snapshots, unknown]).toEqual([['connecting', 'live'], [1, 1], [['NOPE']]]);
  });

  it('says only what changed while connected', async () => {
    const { live, hubs, settle } = harness();
    live.want({ board: 'all' });
    live.start();
    await settle();
    live.want({ board: null, symbols: ['TCS'] });
    live.want({ board: null, symbols: ['TCS'] });
    await settle();
    expect(hubs[0]!.calls.slice(1)).toEqual([['WatchBoard', ''], ['Watch', ['TCS']]]);
  });

  it('says a symbol again that the server did not know', async () => {
    const { live, hubs, settle } = harness();
    live.want({ symbols: ['NOPE'] });
    live.start();
    await settle();
    const before = hubs[0]!.calls.length;
    live.want({ symbols: ['NOPE'] });
    await settle();
    expect(hubs[0]!.calls.slice(before)).toEqual([['Watch', ['NOPE']]]);
  });

  it('says what was wished while it was still connecting', async () => {
    const { live, hubs, settle } = harness();
    live.start();
    await Promise.resolve();
    live.want({ board: 'NSE' });
    await settle();
    expect(hubs[0]!.calls).toEqual([['WatchBoard', 'NSE']]);
  });

  it('asks for one update a second when it is told to', async () => {
    const { live, hubs, settle } = harness();
    live.want({ symbols: ['TCS'] });
    live.start();
    await settle();
    live.want({ conflated: true });
    await settle();
    expect(hubs[0]!.calls.at(-1)).toEqual(['WatchConflated', ['TCS']]);
  });

  it('watches a list packed, hears how many symbols there are, and says it again before the server forgets it', async () => {
    const { live, hubs, listed, waits, settle } = harness();
    live.want({ symbols: ['TCS'], packed: true });
    live.start();
    await settle();
    expect([hubs[0]!.calls, listed]).toEqual([[['WatchPacked', ['TCS']]], [120]]);
    hubs[0]!.handlers.get('packed')!({ at: 0, of: 121 } as never);
    expect(listed).toEqual([120, 121]);
    waits.shift()!.run();
    await settle();
    expect(hubs[0]!.calls).toEqual([['WatchPacked', ['TCS']], ['WatchPacked', ['TCS']]]);
    live.want({ packed: false });
    await settle();
    expect([hubs[0]!.calls.at(-1), waits]).toEqual([['Watch', ['TCS']], []]);
  });

  it('comes back with everything it wanted after a lost connection', async () => {
    const { live, hubs, states, settle, retry } = harness();
    live.want({ board: 'all' });
    live.start();
    await settle();
    hubs[0]!.closed();
    await retry();
    expect(states).toEqual(['connecting', 'live', 'reconnecting', 'live']);
    expect(hubs[1]!.calls).toEqual([['WatchBoard', 'all']]);
  });

  it('enters the room that is wanted, again after a lost connection, and leaves it for another', async () => {
    const { live, hubs, rooms, settle, retry } = harness();
    live.want({ room: 'EVENT_1' });
    live.start();
    await settle();
    hubs[0]!.closed();
    await retry();
    live.want({ room: 'EVENT_2' });
    await settle();
    live.want({ room: null });
    await settle();
    expect(hubs[0]!.calls).toEqual([['JoinGiveaway', 'EVENT_1']]);
    expect(hubs[1]!.calls).toEqual([
      ['JoinGiveaway', 'EVENT_1'], ['LeaveGiveaway', 'EVENT_1'], ['JoinGiveaway', 'EVENT_2'], ['LeaveGiveaway', 'EVENT_2'],
    ]);
    expect(rooms).toEqual(['joined', 'joined', 'joined']);
  });

  it('hands on what the room is told', async () => {
    const { live, hubs, rooms, settle } = harness();
    live.start();
    await settle();
    const message = { id: 'WON-1', giveaway: 'EVENT_1', at: '2026-11-20T04:00:00Z', data: { name: 'A•••' } };
    hubs[0]!.handlers.get('giveaway.winner')!(message as never);
    expect(rooms).toEqual([{ kind: 'giveaway.winner', message }]);
  });

  it('keeps the prices where the server refuses the room', async () => {
    const { live, hubs, states, rooms, settle } = harness();
    live.start();
    await settle();
    hubs[0]!.refuses = 'JoinGiveaway';
    live.want({ room: 'EVENT_1' });
    await settle();
    live.want({ board: 'all' });
    await settle();
    expect([states.at(-1), hubs[0]!.calls.at(-1), rooms]).toEqual(['live', ['WatchBoard', 'all'], []]);
  });

  it('never gives up, waits longer each time and calls it offline after a while', async () => {
    const { live, states, waits, settle, retry } = harness(6);
    live.start();
    await settle();
    const seen: number[] = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      seen.push(waits[0]!.ms);
      await retry();
    }
    expect(seen).toEqual([500, 1000, 2000, 4000, 8000, 15_000]);
    expect(states.slice(1)).toEqual([
      'reconnecting', 'reconnecting', 'reconnecting', 'offline', 'offline', 'offline', 'live']);
  });

  it('is offline at once where the browser is, and tries again when asked', async () => {
    const { live, states, around, settle } = harness(1);
    around.online = false;
    live.start();
    await settle();
    expect(states.at(-1)).toBe('offline');
    live.retryNow();
    await settle();
    expect(states.at(-1)).toBe('live');
  });

  it('ignores the end of a connection that it has already replaced', async () => {
    const { live, hubs, states, settle, retry } = harness();
    live.start();
    await settle();
    hubs[0]!.closed();
    await retry();
    hubs[0]!.closed();
    expect(states.at(-1)).toBe('live');
  });
});

describe('backoffMs', () => {
  it('doubles to fifteen seconds and takes off up to half at random', () => {
    expect([0, 1, 2, 9, 1000].map((attempt) => backoffMs(attempt, 0))).toEqual([500, 1000, 2000, 15_000, 15_000]);
    expect(backoffMs(9, 0.999)).toBeGreaterThanOrEqual(7500);
  });
});
