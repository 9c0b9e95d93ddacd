import type { Quote } from '../api/types';

/** A quote as the board draws it. A new object for every change, so that unchanged rows are not drawn again. */
export interface Row {
  quote: Quote;
  /** Direction of the last price change: 1 up, -1 down, 0 none seen yet. */
  direction: -1 | 0 | 1;
  /** When the quote was last pushed or fetched; this and `movedAt` in milliseconds of the client's clock. */
  heardAt: number;
  /** When the price last changed here. */
  movedAt: number;
  /** Counts price changes, so that a flash can start again. */
  moves: number;
}

/** Ticks after `after` up to `upTo` that the client never saw. */
export interface Gap {
  symbol: string;
  after: number;
  upTo: number;
}

/**
 * The latest quote of every symbol. A pushed quote is whole, so one with a higher `seq` always replaces what is held;
 * a `prev` above what is held is a gap that only lists of ticks need to heal.
 */
export class QuoteBook {
  readonly #rows = new Map<string, Row>();

  get(symbol: string): Row | undefined {
    return this.#rows.get(symbol);
  }

  /** Applies pushed quotes and names the gaps. Quotes older than what is held are dropped. */
  apply(quotes: readonly Quote[], now: number): Gap[] {
    const gaps: Gap[] = [];
    for (const quote of quotes) {
      const held = this.#rows.get(quote.symbol);
      if (held && quote.seq < held.quote.seq) continue;
      if (held && quote.seq > held.quote.seq && quote.prev > held.quote.seq) {
        gaps.push({ symbol: quote.symbol, after: held.quote.seq, upTo: quote.seq });
      }
      this.#set(held, quote, now);
    }
    return gaps;
  }

  /** Takes a snapshot as it is: the server is authoritative, even where its `seq` is lower than what is held. */
  hydrate(quotes: readonly Quote[], now: number): void {
    for (const quote of quotes) this.#set(this.#rows.get(quote.symbol), quote, now);
  }

  /** Marks every quote of a source stale or fresh; `true` when any changed. */
  markSource(source: string, stale: boolean): boolean {
    let changed = false;
    for (const [symbol, row] of this.#rows) {
      if (row.quote.source !== source || row.quote.stale === stale) continue;
      this.#rows.set(symbol, { ...row, quote: { ...row.quote, stale } });
      changed = true;
    }
    return changed;
  }

  #set(held: Row | undefined, quote: Quote, now: number): void {
    const difference = held ? quote.price - held.quote.price : 0;
    this.#rows.set(
      quote.symbol,
      !held || difference === 0
        ? { quote, heardAt: now, direction: held?.direction ?? 0, movedAt: held?.movedAt ?? 0, moves: held?.moves ?? 0 }
        : { quote, heardAt: now, direction: difference > 0 ? 1 : -1, movedAt: now, moves: held.moves + 1 },
    );
  }
}
