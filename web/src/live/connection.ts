import type { Quote } from '../api/types';
import { backoffMs, OFFLINE_AFTER_ATTEMPTS } from './backoff';
import type { PackedMessage } from './packed';

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** What this client needs of a SignalR connection. */
export interface Hub {
  start(): Promise<void>;
  stop(): Promise<void>;
  invoke<T>(method: string, ...args: unknown[]): Promise<T>;
  on(method: string, handler: (message: never) => void): void;
  onclose(handler: () => void): void;
}

export interface FeedState {
  source: string;
  stale: boolean;
  since: string;
}

export interface WatchAnswer {
  symbols: string[];
  unknown: string[];
  quotes: Quote[];
  /** Milliseconds between messages for the whole list; 0 where each quote comes by itself. */
  packed?: number;
  /** How many symbols have a quote, where it is packed. */
  of?: number;
}

export interface BoardAnswer {
  board: string;
  quotes: Quote[];
}

/** What a giveaway's room is told; at least once, with an id that is the same each time. */
export interface RoomMessage {
  kind: (typeof ROOM_MESSAGES)[number];
  message: { id: string; giveaway: string; at: string; data: unknown };
}

export const ROOM_MESSAGES = ['giveaway.winner', 'giveaway.ended', 'giveaway.changed'] as const;

export interface LiveEvents {
  state(state: LiveState, retryAt: number | null): void;
  /** Pushed quotes, to be applied over what is held. */
  quotes(quotes: Quote[]): void;
  /** The server's answer to a watch or a board: replaces what is held. */
  snapshot(quotes: Quote[]): void;
  unknown(symbols: string[]): void;
  /** What changed of the list that is watched. */
  packed(message: PackedMessage): void;
  /** The market has so many symbols. */
  listed(count: number): void;
  feed(feed: FeedState): void;
  conflated(dropped: number): void;
  room(message: RoomMessage): void;
  /** Something concerns who has signed in. */
  notice(notice: unknown): void;
  /** The portfolio of who has signed in, after the last second's ticks. */
  portfolio(update: unknown): void;
  /** The connection is in the room that is wanted: from now on nothing is missed. */
  joined(): void;
}

export interface Surroundings {
  now(): number;
  random(): number;
  online(): boolean;
  later(run: () => void, ms: number): () => void;
}

/** What the page wants to receive; said again on every connect, since the server forgets a lost connection. */
export interface Wants {
  board: string | null;
  symbols: readonly string[];
  /** The giveaway whose room to be in. */
  room: string | null;
  /** One update a second instead of every window, for a client that cannot keep up. */
  conflated: boolean;
  /** The symbols are a list: one message twice a second for all of them will do. */
  packed: boolean;
}

export const NOTHING: Wants = { board: null, symbols: [], room: null, conflated: false, packed: false };

/** The server forgets a list that it has not heard of for five minutes. */
export const SAY_AGAIN_MS = 120_000;

/**
 * The app's one live connection. It tries for ever, waits longer after each failure, and on every connect says what it
 * wants and takes the answers as the truth.
 */
export class LiveConnection {
  #wants: Wants = NOTHING;
  /** What the server of the present connection has been told. */
  #said: Wants = NOTHING;
  #hub: Hub | null = null;
  #connected = false;
  #attempts = 0;
  #cancelRetry: (() => void) | null = null;
  #cancelAgain: (() => void) | null = null;
  #saying: Promise<void> = Promise.resolve();

  constructor(
    private readonly createHub: () => Hub,
    private readonly events: LiveEvents,
    private readonly around: Surroundings,
  ) {}

  start(): void {
    this.events.state('connecting', null);
    void this.#connect();
  }

  /** Tries at once instead of waiting: the browser came back online, or the user asked. */
  retryNow(): void {
    if (this.#cancelRetry === null) return;
    this.#cancelRetry();
    this.#cancelRetry = null;
    void this.#connect();
  }

  /** Connects anew, as whoever is signed in now. */
  async again(): Promise<void> {
    const hub = this.#hub;
    if (hub === null || !this.#connected) return this.retryNow();
    this.#hub = null;
    this.#connected = false;
    await hub.stop();
    await this.#connect();
  }

  want(change: Partial<Wants>): void {
    this.#wants = { ...this.#wants, ...change };
    if (this.#connected) this.#enqueueSay();
  }

  /** Says what is watched once more and takes the answer as the truth. */
  resay(): void {
    this.#said = { ...this.#said, symbols: [], packed: false };
    if (this.#connected) this.#enqueueSay();
  }

  async #connect(): Promise<void> {
    const hub = this.createHub();
    this.#hub = hub;
    this.#said = NOTHING;
    let wanted = this.#wants;
    hub.on('quotes', (quotes: Quote[]) => this.events.quotes(quotes));
    hub.on('packed', (message: PackedMessage) => this.events.packed(message));
    hub.on('feed', (feed: FeedState) => this.events.feed(feed));
    hub.on('conflated', (message: { dropped: number }) => this.events.conflated(message.dropped));
    for (const kind of ROOM_MESSAGES) hub.on(kind, (message: RoomMessage['message']) => this.events.room({ kind, message }));
    hub.on('notice', (notice: never) => this.events.notice(notice));
    hub.on('portfolio', (update: never) => this.events.portfolio(update));
    hub.onclose(() => this.#lost(hub));
    try {
      await hub.start();
      wanted = this.#wants;
      await this.#say(hub);
    } catch (error) {
      console.info('Live connection failed:', error instanceof Error ? error.message : error);
      await hub.stop();
      this.#lost(hub);
      return;
    }
    if (this.#hub !== hub) return;
    this.#attempts = 0;
    this.#connected = true;
    this.events.state('live', null);
    // Something else was wished while the first wishes were being said.
    if (this.#wants !== wanted) this.#enqueueSay();
  }

  #lost(hub: Hub): void {
    if (this.#hub !== hub) return;
    this.#hub = null;
    this.#connected = false;
    this.#cancelAgain?.();
    const wait = backoffMs(this.#attempts++, this.around.random());
    const offline = !this.around.online() || this.#attempts >= OFFLINE_AFTER_ATTEMPTS;
    this.events.state(offline ? 'offline' : 'reconnecting', this.around.now() + wait);
    this.#cancelRetry = this.around.later(() => {
      this.#cancelRetry = null;
      void this.#connect();
    }, wait);
  }

  // One after the other: two overlapping calls could reach the server in the wrong order.
  #enqueueSay(): void {
    this.#saying = this.#saying.then(async () => {
      const hub = this.#hub;
      if (hub === null || !this.#connected) return;
      try {
        await this.#say(hub);
      } catch (error) {
        console.info('The server refused a subscription:', error instanceof Error ? error.message : error);
        await hub.stop();
      }
    });
  }

  async #say(hub: Hub): Promise<void> {
    const { board, symbols, conflated, packed, room } = this.#wants;
    if (room !== this.#said.room) await this.#enter(hub, room);
    if (board !== this.#said.board) {
      const answer = await hub.invoke<BoardAnswer>('WatchBoard', board ?? '');
      this.#said = { ...this.#said, board };
      this.events.snapshot(answer.quotes);
    }
    const isSaid = conflated === this.#said.conflated && packed === this.#said.packed;
    if (isSaid && sameNames(symbols, this.#said.symbols)) return;
    this.#cancelAgain?.();
    const method = conflated ? 'WatchConflated' : packed ? 'WatchPacked' : 'Watch';
    const answer = await hub.invoke<WatchAnswer>(method, [...symbols]);
    // Those it does not know are not watched: when they are wished again, they are said again.
    this.#said = { ...this.#said, symbols: answer.symbols, conflated, packed };
    this.events.snapshot(answer.quotes);
    if (answer.unknown.length > 0) this.events.unknown(answer.unknown);
    if (answer.packed) this.#cancelAgain = this.around.later(() => this.resay(), SAY_AGAIN_MS);
    if (answer.of) this.events.listed(answer.of);
  }

  async #enter(hub: Hub, room: string | null): Promise<void> {
    if (this.#said.room !== null) await hub.invoke('LeaveGiveaway', this.#said.room);
    this.#said = { ...this.#said, room };
    if (room === null) return;
    try {
      await hub.invoke('JoinGiveaway', room);
    } catch (error) {
      // A refused room is no reason to lose the prices too; the page fetches instead.
      console.info('The room cannot be entered:', error instanceof Error ? error.message : error);
      return;
    }
    this.events.joined();
  }
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}
