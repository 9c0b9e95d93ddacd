import { request } from '../api/client';
import type { Page } from '../ui/loaded.svelte';

/** JSON shapes of /api/v1/wallets. Amounts are minor units. */

export interface Wallet {
  currency: string;
  exponent: number;
  available: number;
  held: number;
  /** What to transfer money to; null until the wallet is opened. */
  virtualAccount?: { number: string; bank: string } | null;
  fees: { feeTotal: number; grossTotal: number; percent: number };
  lowThreshold?: number | null;
  at?: string | null;
}

export interface TopUp {
  id: string;
  currency: string;
  gross: number;
  fee: number;
  reference: string;
  state: 'recorded' | 'credited';
  at: string;
}

/** A line of an account's journal. */
export interface Entry {
  id: string;
  account: string;
  sequence: number;
  transfer: string;
  leg: 'hold' | 'post' | 'void' | 'expire' | 'debit' | 'credit';
  counterparty: string;
  reference: string;
  availableChange: number;
  heldChange: number;
  clearingChange: number;
  available: number;
  held: number;
  clearing: number;
  at: string;
  hash: string;
}

export const read = (currency: string, signal?: AbortSignal): Promise<Wallet> =>
  request(`/wallets/${currency}`, { signal });

export const open = (currency: string): Promise<Wallet> => request(`/wallets/${currency}`, { method: 'POST' });

export const topUps = (currency: string, cursor: string | null): Promise<Page<TopUp>> =>
  request(`/wallets/${currency}/topups`, { query: { cursor, limit: 20 } });

export const transactions = (currency: string, cursor: string | null): Promise<Page<Entry>> =>
  request(`/wallets/${currency}/transactions`, { query: { cursor, limit: 20 } });

/** A bank transfer to a virtual account, as the local host's provider plays it. */
export const pretendTopUp = (virtualAccount: string, gross: number, currency: string): Promise<unknown> =>
  request('/provider/topups', { method: 'POST', body: { virtualAccount, gross, currency }, base: '/dev' });

/** Whether this host plays the provider: only then a top-up can be pretended. */
export async function playsProvider(signal: AbortSignal): Promise<boolean> {
  const answer = await fetch('/dev/provider/faults', { signal });
  return answer.ok && (answer.headers.get('content-type') ?? '').includes('json');
}
