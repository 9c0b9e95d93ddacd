import { request } from '../api/client';
import type { Quote } from '../api/types';
import type { Page } from '../ui/loaded.svelte';

export interface Watchlist {
  id: string;
  name: string;
  symbols: string[];
  createdAt: string;
  changedAt: string;
}

export interface WatchlistView {
  watchlist: Watchlist;
  /** In the list's order; without a quote where no price was ever seen. */
  quotes: { symbol: string; quote: Quote | null }[];
}

export type NewWatchlist = Pick<Watchlist, 'name' | 'symbols'>;

export const MOST_LISTS = 20;
export const MOST_SYMBOLS = 100;

export const all = async (signal?: AbortSignal): Promise<Watchlist[]> =>
  (await request<Page<Watchlist>>('/watchlists', { signal })).data;

export const read = (id: string, signal?: AbortSignal): Promise<WatchlistView> => request(`/watchlists/${id}`, { signal });

export const make = (list: NewWatchlist, key: string): Promise<Watchlist> =>
  request('/watchlists', { method: 'POST', body: list, headers: { 'idempotency-key': key } });

export const change = (id: string, list: NewWatchlist): Promise<Watchlist> =>
  request(`/watchlists/${id}`, { method: 'PUT', body: list });

export const remove = (id: string): Promise<void> => request(`/watchlists/${id}`, { method: 'DELETE' });

/** With an item one place up (−1) or down (1); as it is at an end. */
export function moved<T>(items: readonly T[], index: number, by: -1 | 1): T[] {
  const target = index + by;
  if (target < 0 || target >= items.length) return [...items];
  const next = [...items];
  [next[index], next[target]] = [next[target]!, next[index]!];
  return next;
}
