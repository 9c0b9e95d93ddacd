import { request } from '../api/client';
import { formatPrice } from '../market/format';
import type { Page } from '../ui/loaded.svelte';
import type { Alert, AlertKind, FiringView, NewAlert } from './types';

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
  above: 'rises to', below: 'falls to', rise: 'rises by', fall: 'falls by',
};

export const STATUS_NAMES: Record<Alert['status'], string> = {
  armed: 'waiting', fired: 'fired; waits until the price has gone back', done: 'fired, done', paused: 'paused',
};

export const isPercent = (kind: AlertKind): boolean => kind === 'rise' || kind === 'fall';

/** What the alert waits for, after its symbol: `rises to 2,500.00`, `falls by 5 % within 2 hours`. */
export function sayCondition({ kind, threshold, windowMinutes }: Pick<Alert, 'kind' | 'threshold' | 'windowMinutes'>): string {
  if (!isPercent(kind)) return `${ALERT_NAMES[kind]} ${formatPrice(threshold)}`;
  return `${ALERT_NAMES[kind]} ${threshold}% within ${sayMinutes(windowMinutes ?? 0)}`;
}

export function sayMinutes(minutes: number): string {
  const [count, unit] = minutes % 1440 === 0 ? [minutes / 1440, 'day'] : minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return count === 1 ? `one ${unit}` : `${count} ${unit}s`;
}
