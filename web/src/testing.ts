import type { Quote, Tick } from './api/types';

/** A plausible quote for tests. */
export function quoteOf(over: Partial<Quote> = {}): Quote {
  return {
    symbol: 'TCS', seq: 1, prev: 0, price: 100, volume: 1000, open: 99, high: 101, low: 98, previousClose: 99.5,
    eventTime: '2026-11-20T04:00:00Z', asOf: '2026-11-20T04:00:00Z', source: 'demo', stale: false, session: 'open',
    ...over,
  };
}

export function tickOf(over: Partial<Tick> = {}): Tick {
  return { symbol: 'TCS', seq: 1, price: 100, volume: 1000, eventTime: '2026-11-20T04:00:00Z', ...over };
}
