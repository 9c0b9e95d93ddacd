import type { Bar, Quote, Tick } from '../api/types';
import { exchangeDay } from './format';

const MINUTE_MS = 60_000;

/** The minute (ISO start) that an event belongs to. */
export function minuteOf(eventTime: string): string {
  return new Date(Math.floor(Date.parse(eventTime) / MINUTE_MS) * MINUTE_MS).toISOString();
}

/**
 * Minute bars, oldest first: the server's history, with the ticks that came since folded in. What is folded here is a
 * preview: the server's bar of a finished minute replaces it.
 */
export class MinuteBars {
  #bars: Bar[] = [];
  #day = '';
  #highestVolume = 0;
  #closedAt = '';
  #exchange: string | undefined;

  get bars(): readonly Bar[] {
    return this.#bars;
  }

  /** `quote` is what the bars were loaded with: its cumulative volume is already in them. */
  load(bars: readonly Bar[], quote: Quote | null, exchange?: string): void {
    this.#exchange = exchange;
    this.#bars = bars.map(normal).sort(byTime);
    this.#day = quote ? exchangeDay(Date.parse(quote.eventTime), exchange) : '';
    this.#highestVolume = quote?.volume ?? 0;
    this.#closedAt = quote?.eventTime ?? '';
  }

  /** The bars as they are with a quote that came after ticks which are not known yet; they are not changed by it. */
  upTo(quote: Quote): readonly Bar[] {
    const ahead = new MinuteBars();
    [ahead.#bars, ahead.#day, ahead.#highestVolume] = [this.#bars, this.#day, this.#highestVolume];
    [ahead.#closedAt, ahead.#exchange] = [this.#closedAt, this.#exchange];
    ahead.add(quote);
    return ahead.bars;
  }

  /** Takes the server's bars in place of those of the same minutes. */
  replace(bars: readonly Bar[]): void {
    const byMinute = new Map(this.#bars.map((bar) => [bar.time, bar]));
    for (const bar of bars.map(normal)) byMinute.set(bar.time, bar);
    this.#bars = [...byMinute.values()].sort(byTime);
  }

  /** Folds a tick in and answers its bar. */
  add(tick: Omit<Tick, 'seq' | 'symbol'>): Bar {
    const added = this.#volumeAdded(tick);
    const time = minuteOf(tick.eventTime);
    const index = this.#bars.findLastIndex((bar) => bar.time <= time);
    const held = index >= 0 && this.#bars[index]!.time === time ? this.#bars[index]! : null;
    const newest = tick.eventTime >= this.#closedAt;
    if (newest) this.#closedAt = tick.eventTime;
    const isLast = index === this.#bars.length - 1;
    const bar: Bar = held
      ? {
          ...held,
          high: Math.max(held.high, tick.price),
          low: Math.min(held.low, tick.price),
          close: newest && isLast ? tick.price : held.close,
          volume: held.volume + added,
          trades: held.trades + 1,
        }
      : { time, open: tick.price, high: tick.price, low: tick.price, close: tick.price, volume: added, trades: 1 };
    this.#bars = held ? this.#bars.with(index, bar) : this.#bars.toSpliced(index + 1, 0, bar);
    return bar;
  }

  // The feed's volume is the day's running total: a minute's volume is what it added to the highest seen that day.
  #volumeAdded(tick: Pick<Tick, 'eventTime' | 'volume'>): number {
    const day = exchangeDay(Date.parse(tick.eventTime), this.#exchange);
    if (day > this.#day) {
      this.#day = day;
      this.#highestVolume = 0;
    }
    if (day < this.#day) return 0;
    const added = Math.max(0, tick.volume - this.#highestVolume);
    this.#highestVolume = Math.max(this.#highestVolume, tick.volume);
    return added;
  }
}

/** Daily bars with today's taken from the quote, which carries the whole day. */
export function withToday(bars: readonly Bar[], quote: Quote | null, exchange?: string): Bar[] {
  const sorted = bars.map((bar) => ({ ...bar, time: bar.time.slice(0, 10) })).sort(byTime);
  if (!quote || quote.open === null || quote.high === null || quote.low === null) return sorted;
  const time = exchangeDay(Date.parse(quote.eventTime), exchange);
  const trades = sorted.at(-1)?.time === time ? sorted.at(-1)!.trades : 0;
  const { open, high, low, price: close, volume } = quote;
  return [...sorted.filter((bar) => bar.time < time), { time, open, high, low, close, volume, trades }];
}

function normal(bar: Bar): Bar {
  return { ...bar, time: minuteOf(bar.time) };
}

function byTime(a: Bar, b: Bar): number {
  return a.time < b.time ? -1 : a.time > b.time ? 1 : 0;
}
