/** JSON shapes of /api/v1/market. Times are ISO-8601 UTC; prices are in the symbol's currency. */

export type Session = 'preOpen' | 'open' | 'postClose' | 'closed';

export interface Quote {
  symbol: string;
  /** Counts the symbol's accepted and late ticks from 1. */
  seq: number;
  /** The `seq` published before this one: a client that holds another has a gap. */
  prev: number;
  price: number;
  /** Cumulative volume of the trading day. */
  volume: number;
  open: number | null;
  high: number | null;
  low: number | null;
  previousClose: number | null;
  eventTime: string;
  /** When the server learned this. */
  asOf: string;
  source: string;
  stale: boolean;
  session: Session;
}

export interface Tick {
  symbol: string;
  seq: number;
  price: number;
  volume: number;
  eventTime: string;
}

export interface Bar {
  /** Start of the minute, or the trading date (yyyy-mm-dd) of a daily bar. */
  time: string;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  trades: number;
}

export type Interval = '1m' | '1d';

export interface SymbolInfo {
  symbol: string;
  exchange: string;
  /** Named groups of symbols that the live connection can watch as one; every symbol is on `all`. */
  boards: string[];
}

export interface Listing<T> {
  data: T[];
  nextCursor?: string | null;
}

export interface TicksAnswer extends Listing<Tick> {
  lastSeq: number;
  /** False when ticks after the asked number are no longer kept: start again from `data` and `quote`. */
  complete: boolean;
  quote: Quote | null;
}

/** Counters of the feed: `received` is the sum of the outcomes at all times. */
export type Ingest = Record<string, number>;

export interface DependencyHealth {
  name: string;
  status: string;
  latencyMs?: number | null;
  detail?: string | null;
}

export interface Health {
  status: string;
  dependencies?: DependencyHealth[];
}

/** RFC 9457 problem details as FinVault sends them. */
export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  code?: string;
  correlationId?: string;
  /** Those that it is about, where it is about symbols. */
  symbols?: string[];
  /** Everything that is wrong with what was sent, where the server says so. */
  faults?: string[];
}
