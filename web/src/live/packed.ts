import type { Quote } from '../api/types';

/**
 * A symbol of which only the price moved, `ticks` ticks after what was sent before: ages are milliseconds before the
 * message's `at`, high and low are there where they moved.
 */
export type PackedRow = [
  symbol: string, seq: number, ticks: number, price: number, volume: number, eventAge: number, age: number,
  high?: number, low?: number,
];

/** One message for a whole list: what changed of it, however much that is. */
export interface PackedMessage {
  at: number;
  /** How many symbols have a quote. */
  of: number;
  rows?: PackedRow[];
  /** Quotes of which more changed than the price. */
  quotes?: Quote[];
}

export interface Unpacked {
  quotes: Quote[];
  /** A message before this one is missing, so that what rows do not say again may be wrong: ask for a snapshot. */
  missed: boolean;
}

/** Makes whole quotes of a message, by what is held. */
export function unpack(message: PackedMessage, held: (symbol: string) => Quote | undefined): Unpacked {
  const quotes = [...(message.quotes ?? [])];
  let missed = false;
  for (const [symbol, seq, ticks, price, volume, eventAge, age, high, low] of message.rows ?? []) {
    const before = held(symbol);
    if (!before || seq - ticks > before.seq) missed = true;
    if (!before || seq <= before.seq) continue;
    quotes.push({
      ...before, seq, prev: seq - ticks, price, volume,
      high: high ?? before.high, low: low ?? before.low,
      eventTime: new Date(message.at - eventAge).toISOString(), asOf: new Date(message.at - age).toISOString(),
    });
  }
  return { quotes, missed };
}
