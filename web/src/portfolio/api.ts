import { request } from '../api/client';
import type { Page } from '../ui/loaded.svelte';
import type {
  Account, AccountSummary, Holding, HoldingDetail, Import, ImportFile, ImportPreset, ImportPreview, LiveWatch, LotMethod,
  Overview, Transaction, TransactionRequest,
} from './types';

const PAGE_ROWS = 1000;
const MOST_PAGES = 10;

/** Says that the portfolio is looked at, so that it is pushed for the next minute. */
export const watch = (signal?: AbortSignal): Promise<LiveWatch> =>
  request('/portfolios/live', { method: 'POST', signal });

export const overview = (signal?: AbortSignal): Promise<Overview> => request('/portfolios', { signal });

export const account = (id: string, signal?: AbortSignal): Promise<AccountSummary> =>
  request(`/portfolios/${id}`, { signal });

export interface NewAccount {
  name: string;
  currency: string;
  lotMethod: LotMethod;
  tracksCash: boolean;
  shortSelling: boolean;
}

export const open = (wanted: NewAccount, key: string): Promise<Account> =>
  request('/portfolios', { method: 'POST', body: wanted, headers: { 'idempotency-key': key } });

export const change = (id: string, settings: Partial<Omit<NewAccount, 'currency'>>): Promise<Account> =>
  request(`/portfolios/${id}/settings`, { method: 'PUT', body: settings });

export type HoldingStatus = 'open' | 'closed' | 'all';

/** Every holding of an account. */
export async function holdings(id: string, status: HoldingStatus, signal?: AbortSignal): Promise<Holding[]> {
  const rows: Holding[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { status, limit: PAGE_ROWS, cursor };
    const answer: Page<Holding> = await request(`/portfolios/${id}/holdings`, { query, signal });
    rows.push(...answer.data);
    cursor = answer.nextCursor ?? null;
    if (cursor === null) break;
  }
  return rows;
}

export const holding = (id: string, symbol: string, signal?: AbortSignal): Promise<HoldingDetail> =>
  request(`/portfolios/${id}/holdings/${encodeURIComponent(symbol)}`, { signal });

export const transactions = (id: string, symbol: string, cursor: string | null): Promise<Page<Transaction>> =>
  request(`/portfolios/${id}/transactions`, { query: { symbol: symbol || null, cursor, limit: 50 } });

/** Sent again with the same client id, it is not recorded again. */
export const record = (id: string, transaction: TransactionRequest): Promise<Transaction> =>
  request(`/portfolios/${id}/transactions`, { method: 'POST', body: transaction });

export const reverse = (id: string, transaction: string, reason: string): Promise<Transaction> =>
  request(`/portfolios/${id}/transactions/${transaction}/reversal`, { method: 'POST', body: { reason } });

export const presets = (signal?: AbortSignal): Promise<ImportPreset[]> => request('/portfolios/import-presets', { signal });

export const preview = (id: string, file: ImportFile): Promise<ImportPreview> =>
  request(`/portfolios/${id}/imports/preview`, { method: 'POST', body: file });

export const bringIn = (id: string, file: ImportFile, key: string): Promise<Import> =>
  request(`/portfolios/${id}/imports`, { method: 'POST', body: file, headers: { 'idempotency-key': key } });

export const imports = (id: string, signal?: AbortSignal): Promise<Import[]> =>
  request(`/portfolios/${id}/imports`, { signal });

export const undo = (id: string, one: string): Promise<Import> =>
  request(`/portfolios/${id}/imports/${one}/undo`, { method: 'POST' });
