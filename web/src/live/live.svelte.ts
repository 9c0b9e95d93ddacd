import * as api from '../api/market';
import type { Quote } from '../api/types';
import type { Notice } from '../notices/api';
import type { PortfolioUpdate } from '../portfolio/push';
import { LagMeter } from '../market/age';
import { LiveConnection, NOTHING, type LiveState, type RoomMessage, type Wants } from './connection';
import { unpack, type PackedMessage } from './packed';
import { market } from '../market/market.svelte';
import { LateHub } from './lateHub';
import { QuotePoller } from './poller';
import { Sight } from './sight';

const RESAY_MS = 5_000;
const UNKNOWN_MS = 5_000;

/** One connection for the whole app, with what the page shows of it. */
class Live {
  state = $state<LiveState>('connecting');
  /** When the next attempt is due (client clock), or null while none is waiting. */
  retryAt = $state<number | null>(null);
  /** Since when there has been no connection (client clock), or null. */
  disconnectedSince = $state<number | null>(null);
  /** Nothing is pushed, but prices are fetched every few seconds. */
  polling = $state(false);
  /** The client could not keep up and asked for one update a second. */
  conflated = $state(false);
  /** Updates that the server merged because this client was slow. */
  dropped = $state(0);
  /** Symbols the server does not know. */
  unknown = $state<readonly string[]>([]);
  /** The giveaway whose room is wanted. */
  room = $state<string | null>(null);
  /** Counts connects and returns to a page that nobody saw for a while, so that pages can hydrate again. */
  connects = $state(0);
  /** Counts how often a giveaway's room was entered, also again after a lost connection. */
  joins = $state(0);

  readonly #lag = new LagMeter();
  readonly #listeners = new Set<(quotes: readonly Quote[]) => void>();
  readonly #noticeListeners = new Set<(notice: Notice) => void>();
  readonly #portfolioListeners = new Set<(update: PortfolioUpdate) => void>();
  readonly #roomListeners = new Set<(message: RoomMessage) => void>();
  #wants: Wants = NOTHING;
  #resaidAt = 0;
  #asking: ReturnType<typeof setTimeout> | undefined;
  /** A snapshot of the list is to be asked for. */
  #missed = false;
  #of = 0;
  readonly #connection = new LiveConnection(() => new LateHub(async () => (await import('./hub')).createHub()), {
    state: (state, retryAt) => this.#onState(state, retryAt),
    quotes: (quotes) => this.#onQuotes(quotes),
    snapshot: (quotes) => {
      market.hydrate(quotes);
      this.#tell(quotes);
    },
    unknown: (symbols) => this.#onUnknown(symbols),
    packed: (message) => this.#onPacked(message),
    listed: (count) => market.expect(count),
    feed: (feed) => market.markSource(feed.source, feed.stale),
    conflated: (dropped) => (this.dropped += dropped),
    room: (message) => {
      for (const listener of this.#roomListeners) listener(message);
    },
    joined: () => this.joins++,
    notice: (notice) => {
      for (const listener of this.#noticeListeners) listener(notice as Notice);
    },
    portfolio: (update) => {
      for (const listener of this.#portfolioListeners) listener(update as PortfolioUpdate);
    },
  }, {
    now: () => Date.now(),
    random: () => Math.random(),
    online: () => navigator.onLine,
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });

  // Each message to a page that nobody sees would be paid for: it watches nothing.
  readonly #sight = new Sight({
    hidden: () => document.hidden,
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  }, (away) => {
    this.#say();
    if (!away) this.connects++;
  });

  readonly #poller = new QuotePoller(() => api.quotes(this.#wants.symbols), (quotes) => {
    this.polling = quotes !== null && quotes.length > 0;
    if (quotes === null) return;
    market.apply(quotes);
    this.#tell(quotes);
  });

  start(): void {
    this.#poller.start();
    this.disconnectedSince = Date.now();
    this.#connection.start();
    addEventListener('online', () => this.retryNow());
    document.addEventListener('visibilitychange', () => {
      this.#sight.look();
      if (!document.hidden) this.retryNow();
    });
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  /** Connects anew: the connection belongs to who negotiated it. */
  again(): void {
    void this.#connection.again();
  }

  /** Sets what is watched; symbols are watched tick by tick unless they are said to be a list. */
  want(change: Partial<Omit<Wants, 'conflated'>>): void {
    const packed = change.symbols ? (change.packed ?? false) : this.#wants.packed;
    this.#wants = { ...this.#wants, ...change, packed };
    this.room = this.#wants.room;
    this.#say();
  }

  /** A page that is left watches nothing more, unless another has said meanwhile what it watches. */
  leave(symbols: readonly string[]): void {
    if (this.#wants.symbols === symbols) this.want({ symbols: [] });
  }

  /** Back to every update. */
  fullSpeed(): void {
    this.conflated = false;
    this.dropped = 0;
    this.#lag.reset();
    this.#say();
  }

  /** Calls `listener` with every push and snapshot until the returned function is called. */
  listen(listener: (quotes: readonly Quote[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `listener` with what the giveaway's room is told until the returned function is called. */
  inRoom(listener: (message: RoomMessage) => void): () => void {
    this.#roomListeners.add(listener);
    return () => this.#roomListeners.delete(listener);
  }

  /** Calls `listener` with what ticks make of the portfolio that is watched until the returned function is called. */
  onPortfolio(listener: (update: PortfolioUpdate) => void): () => void {
    this.#portfolioListeners.add(listener);
    return () => this.#portfolioListeners.delete(listener);
  }

  /** Calls `listener` with every notice for who has signed in until the returned function is called. */
  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener);
    return () => this.#noticeListeners.delete(listener);
  }

  // A list is slow enough for a client that is too slow.
  #say(): void {
    const wants = this.#sight.away ? { ...this.#wants, board: null, symbols: [], packed: false } : this.#wants;
    this.#connection.want({ ...wants, conflated: this.conflated && !wants.packed });
  }

  #onState(state: LiveState, retryAt: number | null): void {
    this.state = state;
    this.retryAt = retryAt;
    if (state !== 'live') {
      this.disconnectedSince ??= Date.now();
      this.#poller.start();
      return;
    }
    this.#poller.stop();
    this.polling = false;
    this.disconnectedSince = null;
    this.#lag.reset();
    this.connects++;
  }

  // Its first tick may be on its way: it is asked for again while it is wanted. A list hears of new symbols by itself.
  #onUnknown(symbols: readonly string[]): void {
    this.unknown = symbols;
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => {
      if (!this.#wants.packed) this.#say();
    }, UNKNOWN_MS);
  }

  #onPacked(message: PackedMessage): void {
    const { quotes, missed } = unpack(message, (symbol) => market.row(symbol)?.quote);
    this.#onQuotes(quotes);
    market.expect(message.of);
    // What the server did not know may be among those that are new.
    const isNew = message.of !== this.#of && this.unknown.some((symbol) => this.#wants.symbols.includes(symbol));
    this.#of = message.of;
    this.#missed ||= missed || isNew;
    // At most every few seconds, whatever goes missing.
    if (!this.#missed || Date.now() - this.#resaidAt < RESAY_MS) return;
    [this.#resaidAt, this.#missed] = [Date.now(), false];
    this.#connection.resay();
  }

  #onQuotes(quotes: readonly Quote[]): void {
    const now = Date.now();
    market.apply(quotes);
    const newest = quotes.reduce((latest, quote) => Math.max(latest, Date.parse(quote.asOf)), 0);
    const late = newest > 0 && this.#lag.observe(market.clock.observePush(newest, now), now);
    if (late && !this.conflated && !this.#wants.packed) {
      this.conflated = true;
      this.#say();
    }
    this.#tell(quotes);
  }

  #tell(quotes: readonly Quote[]): void {
    for (const listener of this.#listeners) listener(quotes);
  }
}

export const live = new Live();
