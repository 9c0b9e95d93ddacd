import * as api from '../api/market';
import type { Quote } from '../api/types';
import type { Notice } from '../notices/api';
import type { PortfolioUpdate } from '../portfolio/types';
import { LagMeter } from '../market/age';
import { LiveConnection, type LiveState, type RoomMessage, type Wants } from './connection';
import { market } from '../market/market.svelte';
import { createHub } from './hub';
import { QuotePoller } from './poller';

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
  /** Counts connects, so that pages can hydrate again. */
  connects = $state(0);
  /** Counts how often a giveaway's room was entered, also again after a lost connection. */
  joins = $state(0);

  readonly #lag = new LagMeter();
  readonly #listeners = new Set<(quotes: readonly Quote[]) => void>();
  readonly #noticeListeners = new Set<(notice: Notice) => void>();
  readonly #portfolioListeners = new Set<(update: PortfolioUpdate) => void>();
  readonly #roomListeners = new Set<(message: RoomMessage) => void>();
  #wants: Wants = { board: null, symbols: [], room: null, conflated: false };
  readonly #connection = new LiveConnection(createHub, {
    state: (state, retryAt) => this.#onState(state, retryAt),
    quotes: (quotes) => this.#onQuotes(quotes),
    snapshot: (quotes) => {
      market.hydrate(quotes);
      this.#tell(quotes);
    },
    unknown: (symbols) => (this.unknown = symbols),
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

  readonly #poller = new QuotePoller(() => api.quotes(this.#onScreen), (quotes) => {
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

  want(change: Partial<Omit<Wants, 'conflated'>>): void {
    this.#wants = { ...this.#wants, ...change };
    this.room = this.#wants.room;
    this.#say();
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

  // A client that is too slow leaves the board, which is what floods it, and keeps the symbols on its screen.
  #say(): void {
    const { board, symbols, room } = this.#wants;
    this.#connection.want(this.conflated
      ? { board: null, symbols: this.#onScreen, room, conflated: true }
      : { board, symbols, room, conflated: false });
  }

  get #onScreen(): readonly string[] {
    return this.#wants.symbols.length > 0 ? this.#wants.symbols : market.onScreen;
  }

  /** The rows on the screen changed: only a conflated board follows them. */
  screenChanged(): void {
    if (this.conflated && this.#wants.symbols.length === 0) this.#say();
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

  #onQuotes(quotes: readonly Quote[]): void {
    const now = Date.now();
    market.apply(quotes);
    const newest = quotes.reduce((latest, quote) => Math.max(latest, Date.parse(quote.asOf)), 0);
    const late = newest > 0 && this.#lag.observe(market.clock.observePush(newest, now), now);
    if (late && !this.conflated) {
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
