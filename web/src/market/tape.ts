import type { Quote, Tick } from '../api/types';

export const TAPE_TICKS = 100;

/** What a pushed quote did to the tape. `heal` asks for the ticks after {@link TickTape.lastSeq}. */
export type Offer = 'appended' | 'known' | 'heal';

/**
 * The last ticks of one symbol, newest first, without holes. A push carries quotes, not ticks: where exactly one tick
 * came since, the quote tells it; where several came, or a late one that did not move the quote, the server is asked.
 */
export class TickTape {
  #ticks: readonly Tick[] = [];
  #quote: Quote | null = null;

  get ticks(): readonly Tick[] {
    return this.#ticks;
  }

  get lastSeq(): number {
    return this.#ticks[0]?.seq ?? 0;
  }

  offer(quote: Quote): Offer {
    const before = this.#quote;
    this.#quote = quote;
    if (quote.seq <= this.lastSeq) return 'known';
    if (quote.seq !== this.lastSeq + 1 || before === null || !moved(before, quote)) return 'heal';
    const { symbol, seq, price, volume, eventTime } = quote;
    this.#ticks = [{ symbol, seq, price, volume, eventTime }, ...this.#ticks].slice(0, TAPE_TICKS);
    return 'appended';
  }

  /**
   * Takes ticks after {@link lastSeq} in any order and answers the new ones, oldest first. Where they do not join what
   * is held, the ring has moved on and the tape starts again from them.
   */
  merge(ticks: readonly Tick[]): Tick[] {
    const fresh = ticks.filter((tick) => tick.seq > this.lastSeq).sort((a, b) => a.seq - b.seq);
    if (fresh.length === 0) return [];
    const joins = fresh[0]!.seq === this.lastSeq + 1;
    this.#ticks = [...fresh.toReversed(), ...(joins ? this.#ticks : [])].slice(0, TAPE_TICKS);
    return fresh;
  }

  /** Starts again from the server's ring. */
  reset(ticks: readonly Tick[], quote: Quote | null): void {
    this.#ticks = ticks.toSorted((a, b) => b.seq - a.seq).slice(0, TAPE_TICKS);
    this.#quote = quote;
  }
}

// No two accepted ticks in a row agree in all three: the feed's repeats are dropped by the server.
function moved(before: Quote, after: Quote): boolean {
  return before.eventTime !== after.eventTime || before.price !== after.price || before.volume !== after.volume;
}
