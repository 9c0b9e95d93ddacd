import { getJson } from './client';
import type { Bar, Health, Ingest, Interval, Listing, Quote, SymbolInfo, TicksAnswer } from './types';

/** Keeps a quotes address short of what proxies cut off. */
export const QUOTES_PER_CALL = 50;
const PAGE_ROWS = 1000;
const MOST_PAGES = 6;

export async function symbols(signal?: AbortSignal): Promise<SymbolInfo[]> {
  return (await getJson<Listing<SymbolInfo>>('/market/symbols', {}, signal)).data;
}

/** Quotes of at most {@link QUOTES_PER_CALL} symbols. */
export async function quotes(names: readonly string[], signal?: AbortSignal): Promise<Quote[]> {
  if (names.length === 0) return [];
  const asked = names.slice(0, QUOTES_PER_CALL).join(',');
  return (await getJson<Listing<Quote>>('/market/quotes', { symbols: asked }, signal)).data;
}

export function ticks(symbol: string, after: number, limit: number, signal?: AbortSignal): Promise<TicksAnswer> {
  return getJson<TicksAnswer>(`/market/ticks/${encodeURIComponent(symbol)}`, { after, limit }, signal);
}

/** Every bar from `start` to `end` (yyyy-mm-dd, both included), following the cursor for at most six pages. */
export async function history(
  symbol: string, interval: Interval, start: string, end: string, signal?: AbortSignal,
): Promise<Bar[]> {
  const bars: Bar[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: Listing<Bar> = await getJson(
      `/market/history/${encodeURIComponent(symbol)}`,
      { start_date: start, end_date: end, interval, limit: PAGE_ROWS, cursor },
      signal,
    );
    bars.push(...answer.data);
    cursor = answer.nextCursor ?? null;
    if (cursor === null) break;
  }
  return bars;
}

export function ingest(signal?: AbortSignal): Promise<Ingest> {
  return getJson<Ingest>('/market/ingest', {}, signal);
}

export function health(signal?: AbortSignal): Promise<Health> {
  return getJson<Health>('/health', {}, signal);
}
