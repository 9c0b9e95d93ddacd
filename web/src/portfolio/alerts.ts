import { request } from '../api/client';
import { formatPrice } from '../market/format';
import type { Page } from '../ui/loaded.svelte';
import type { Account } from './types';

export const ALERT_KINDS = ['above', 'below', 'rise', 'fall', 'drawdown'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export interface NewAlert {
  kind: AlertKind;
  /** None for a drawdown, which is of an account. */
  symbol?: string | null;
  account?: string | null;
  /** A price, or per cent. */
  threshold: number;
  windowMinutes?: number | null;
  rearms?: boolean;
  note?: string | null;
}

export interface Firing {
  price: number;
  level: number;
  eventTime: string;
  seenAt: string;
  late: boolean;
  source: string;
}

export interface Alert extends Required<NewAlert> {
  id: string;
  hysteresis: number;
  status: 'armed' | 'fired' | 'done' | 'paused';
  firings: number;
  lastFiring: Firing | null;
  createdAt: string;
}

export interface FiringView {
  alert: string;
  symbol: string | null;
  condition: string;
  firing: Firing;
}

export const list = async (signal?: AbortSignal): Promise<Alert[]> => {
  const answer: Page<Alert> | Alert[] = await request('/alerts', { signal });
  return Array.isArray(answer) ? answer : answer.data;
};

export const set = (alert: NewAlert, key: string): Promise<Alert> =>
  request('/alerts', { method: 'POST', body: alert, headers: { 'idempotency-key': key } });

export const pause = (id: string, paused: boolean): Promise<Alert> =>
  request(`/alerts/${id}`, { method: 'PATCH', body: { paused } });

export const remove = (id: string): Promise<void> => request(`/alerts/${id}`, { method: 'DELETE' });

export const firings = (id: string, cursor: string | null): Promise<Page<FiringView>> =>
  request(`/alerts/${id}/firings`, { query: { cursor, limit: 20 } });

export const ALERT_NAMES: Record<AlertKind, string> = {
  above: 'rises to', below: 'falls to', rise: 'rises by', fall: 'falls by', drawdown: 'falls below its highest close by',
};

export const STATUS_NAMES: Record<Alert['status'], string> = {
  armed: 'waiting', fired: 'fired; waits until the price has gone back', done: 'fired, done', paused: 'paused',
};

/** In per cent within a window. */
export const hasWindow = (kind: AlertKind): boolean => kind === 'rise' || kind === 'fall';

/** Of a whole account rather than of a symbol. */
export const isOfAccount = (kind: AlertKind): boolean => kind === 'drawdown';

export const isPercent = (kind: AlertKind): boolean => hasWindow(kind) || isOfAccount(kind);

/** What the alert is on. */
export function sayOf({ symbol, account }: Pick<Alert, 'symbol' | 'account'>, accounts: readonly Account[]): string {
  return symbol ?? accounts.find((one) => one.id === account)?.name ?? 'an account';
}

/** What the alert waits for, after its symbol or account: `rises to 2,500.00`, `falls by 5 % within 2 hours`. */
export function sayCondition({ kind, threshold, windowMinutes }: Pick<Alert, 'kind' | 'threshold' | 'windowMinutes'>): string {
  if (isOfAccount(kind)) return `${ALERT_NAMES[kind]} ${threshold}%`;
  if (!hasWindow(kind)) return `${ALERT_NAMES[kind]} ${formatPrice(threshold)}`;
  return `${ALERT_NAMES[kind]} ${threshold}% within ${sayMinutes(windowMinutes ?? 0)}`;
}

export function sayMinutes(minutes: number): string {
  const [count, unit] = minutes % 1440 === 0 ? [minutes / 1440, 'day'] : minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return count === 1 ? `one ${unit}` : `${count} ${unit}s`;
}
