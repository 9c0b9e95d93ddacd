import { getJson, request, type Query } from './client';
import { QUOTES_PER_CALL } from './shared';
import type { Bar, Health, Ingest, Interval, Listing, Quote, SymbolInfo, TicksAnswer } from './types';

const PAGE_ROWS = 1000;
const MOST_PAGES = 6;

export function symbols(signal?: AbortSignal): Promise<SymbolInfo[]> {
  // The same for everybody, so that it need not wait until it is known who has signed in.
  return everyPage<SymbolInfo>('/market/symbols', {}, signal, true);
}

/** Quotes of at most {@link QUOTES_PER_CALL} symbols. */
export async function quotes(names: readonly string[], signal?: AbortSignal): Promise<Quote[]> {
  if (names.length === 0) return [];
  const asked = names.slice(0, QUOTES_PER_CALL).join(',');
  return (await getJson<Listing<Quote>>('/market/quotes', { symbols: asked }, signal)).data;
}

/** Every quote of a board. */
export async function boardQuotes(board: string, signal?: AbortSignal): Promise<Quote[]> {
  return (await getJson<Listing<Quote>>('/market/quotes', { board }, signal)).data;
}

export function ticks(symbol: string, after: number, limit: number, signal?: AbortSignal): Promise<TicksAnswer> {
  return getJson<TicksAnswer>(`/market/ticks/${encodeURIComponent(symbol)}`, { after, limit }, signal);
}

/** Every bar from `start` to `end` (yyyy-mm-dd, both included). */
export function history(
  symbol: string, interval: Interval, start: string, end: string, signal?: AbortSignal,
): Promise<Bar[]> {
  const query = { start_date: start, end_date: end, interval, limit: PAGE_ROWS };
  return everyPage<Bar>(`/market/history/${encodeURIComponent(symbol)}`, query, signal);
}

// Follows the cursor, for so many pages as any page of this client could need.
async function everyPage<T>(path: string, query: Query, signal?: AbortSignal, anonymous = false): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: Listing<T> = await request(path, { query: { ...query, cursor }, signal, anonymous });
    rows.push(...answer.data);
    cursor = answer.nextCursor ?? null;
    if (cursor === null) break;
  }
  return rows;
}

export function ingest(signal?: AbortSignal): Promise<Ingest> {
  return getJson<Ingest>('/market/ingest', {}, signal);
}

/** The health of every dependency, which an unhealthy server tells with status 503. */
export function health(signal?: AbortSignal): Promise<Health> {
  return getJson<Health>('/health', {}, signal, 503);
}
