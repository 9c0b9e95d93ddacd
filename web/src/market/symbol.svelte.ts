import * as api from '../api/market';
import { ApiError, isAbort } from '../api/client';
import type { Bar, Interval, Quote, Tick } from '../api/types';
import { live } from '../live/live.svelte';
import { MinuteBars, minuteOf, withToday } from './bars';
import { exchangeDay } from './format';
import { market } from './market.svelte';
import { TAPE_TICKS, TickTape } from './tape';

const DAY_MS = 86_400_000;
/** Reaches back over a long weekend. */
const MINUTE_HISTORY_DAYS = 4;
const DAILY_HISTORY_DAYS = 730;
const UNKNOWN_PAUSE_MS = 3_000;
/** Between two requests for ticks: at thirty a second the server's ring holds a little more than three seconds. */
const HEAL_PAUSE_MS = 3_000;
/** The server's bar of a minute is final a little after the minute; clients ask spread over a few seconds. */
const SETTLE_MS = 2_000;
const SETTLE_SPREAD_MS = 4_000;

/** Everything one symbol's page shows, kept current until {@link stop}. */
export class SymbolFeed {
  ticks = $state.raw<readonly Tick[]>([]);
  bars = $state.raw<readonly Bar[]>([]);
  interval = $state<Interval>('1m');
  loading = $state(true);
  error = $state<string | null>(null);
  /** The market has no tick of such a symbol. */
  unknown = $state(false);

  readonly #tape = new TickTape();
  readonly #minutes = new MinuteBars();
  #daily: readonly Bar[] = [];
  readonly #abort = new AbortController();
  #healing = false;
  #healAgain = false;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #settle: ReturnType<typeof setTimeout> | null = null;
  #stopListening: () => void = () => undefined;

  readonly #watched: readonly string[];

  constructor(readonly symbol: string) {
    this.#watched = [symbol];
  }

  get quote(): Quote | null {
    return market.row(this.symbol)?.quote ?? null;
  }

  get #exchange(): string | undefined {
    return market.infos.get(this.symbol)?.exchange;
  }

  start(): void {
    this.#watch();
    this.#stopListening = live.listen((quotes) => this.#onQuotes(quotes));
    void this.load();
  }

  // Packed, as a list is: a message twice a second, which is paid for, will do for one symbol, too.
  #watch(): void {
    live.want({ board: null, symbols: this.#watched, packed: true });
  }

  stop(): void {
    this.#stopListening();
    live.leave(this.#watched);
    this.#abort.abort();
    if (this.#settle !== null) clearTimeout(this.#settle);
    if (this.#retry !== null) clearTimeout(this.#retry);
  }

  /** Takes everything from the server: at first, and after every reconnect. */
  async load(): Promise<void> {
    try {
      const [quotes, ring] = await Promise.all([
        api.quotes([this.symbol], this.#abort.signal),
        api.ticks(this.symbol, 0, TAPE_TICKS, this.#abort.signal),
      ]);
      market.apply(quotes);
      this.#tape.reset(ring.data, quotes[0] ?? null);
      this.ticks = this.#tape.ticks;
      await this.#loadBars();
      this.error = null;
      if (this.unknown) this.#watch();
      this.unknown = false;
    } catch (error) {
      if (isAbort(error)) return;
      this.unknown = error instanceof ApiError && error.problem.code === 'unknown_symbol';
      this.error = error instanceof Error ? error.message : String(error);
      // Its first tick may be on its way.
      if (this.unknown) this.#retry = setTimeout(() => void this.load(), UNKNOWN_PAUSE_MS);
    } finally {
      this.loading = false;
    }
    // What was pushed meanwhile was passed over.
    if (!live.conflated && (this.quote?.seq ?? 0) > this.#tape.lastSeq) void this.#heal();
  }

  async show(interval: Interval): Promise<void> {
    if (this.interval === interval) return;
    this.interval = interval;
    this.bars = [];
    this.loading = true;
    await this.load();
  }

  async #loadBars(): Promise<void> {
    const interval = this.interval;
    // A replayed day is not today: history is asked around the quote's own day.
    const end = this.quote ? Date.parse(this.quote.eventTime) : market.clock.now(Date.now());
    const days = interval === '1m' ? MINUTE_HISTORY_DAYS : DAILY_HISTORY_DAYS;
    const bars = await api.history(
      this.symbol, interval, this.#day(end - days * DAY_MS), this.#day(end), this.#abort.signal);
    if (interval !== this.interval) return;
    if (interval === '1m') this.#minutes.load(bars, this.quote, this.#exchange);
    else this.#daily = bars;
    this.#draw();
  }

  #day(ms: number): string {
    return exchangeDay(ms, this.#exchange);
  }

  // A candle moves with each push, also while the ticks in between are still to be fetched.
  #draw(): void {
    const { quote } = this;
    if (this.interval === '1d') this.bars = withToday(this.#daily, quote, this.#exchange);
    else this.bars = quote && quote.seq > this.#tape.lastSeq ? this.#minutes.upTo(quote) : this.#minutes.bars;
  }

  #onQuotes(quotes: readonly Quote[]): void {
    const quote = quotes.find((candidate) => candidate.symbol === this.symbol);
    if (!quote || this.loading) return;
    const offer = this.#tape.offer(quote);
    if (offer === 'appended') this.#fold([this.#tape.ticks[0]!]);
    // A slow client that asked for one update a second would be slowed further by asking for what was left out.
    else if (offer === 'heal' && !live.conflated) void this.#heal();
    if (offer !== 'appended') this.#draw();
  }

  /** Asks for the ticks after the last one held, one call at a time. */
  async #heal(): Promise<void> {
    if (this.#healing) {
      this.#healAgain = true;
      return;
    }
    this.#healing = true;
    try {
      do {
        this.#healAgain = false;
        const answer = await api.ticks(this.symbol, this.#tape.lastSeq, TAPE_TICKS, this.#abort.signal);
        if (answer.quote) market.apply([answer.quote]);
        this.#fold(this.#tape.merge(answer.data));
        await new Promise((resolve) => setTimeout(resolve, HEAL_PAUSE_MS));
      } while (this.#healAgain && !this.#abort.signal.aborted);
    } catch (error) {
      // The next push asks again.
      if (!isAbort(error)) console.info('Ticks could not be fetched:', error);
    } finally {
      this.#healing = false;
    }
  }

  #fold(ticks: readonly Tick[]): void {
    const before = this.#minutes.bars.at(-1)?.time;
    for (const tick of ticks) {
      const bar = this.#minutes.add(tick);
      if (before !== undefined && bar.time > before) this.#settleLater(before);
    }
    this.ticks = this.#tape.ticks;
    this.#draw();
  }

  // What was folded here is a preview: soon after a minute ends, the server's own bars take its place.
  #settleLater(minute: string): void {
    this.#settle ??= setTimeout(() => {
      this.#settle = null;
      void this.#settleBars(minute);
    }, SETTLE_MS + Math.random() * SETTLE_SPREAD_MS);
  }

  async #settleBars(minute: string): Promise<void> {
    const day = this.#day(Date.parse(minute));
    try {
      const bars = await api.history(this.symbol, '1m', day, day, this.#abort.signal);
      const last = this.#minutes.bars.at(-1)?.time ?? '';
      this.#minutes.replace(bars.filter((bar) => minuteOf(bar.time) < last));
      this.#draw();
    } catch (error) {
      if (!isAbort(error)) console.info('Bars could not be refreshed:', error);
    }
  }
}
