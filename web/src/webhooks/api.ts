import { request } from '../api/client';
import type { Page } from '../ui/loaded.svelte';

/** A tenant's webhooks: where its own systems are told of what happened. */

export interface Webhook {
  id: string;
  url: string;
  events: string[];
  createdAt: string;
}

export interface Delivery {
  id: string;
  webhookId: string;
  event: string;
  state: 'pending' | 'delivered' | 'dead';
  attempts: { at: string; status?: number | null; failure?: string | null; milliseconds: number }[];
  createdAt: string;
}

const at = (id: string, rest = ''): string => `/webhooks/${encodeURIComponent(id)}${rest}`;

export const list = async (signal?: AbortSignal): Promise<Webhook[]> =>
  (await request<Page<Webhook>>('/webhooks', { signal })).data;

/** The secret is shown this once. */
export const add = (url: string, events: readonly string[], key: string): Promise<{ webhook: Webhook; secret: string }> =>
  request('/webhooks', { method: 'POST', body: { url, events }, headers: { 'Idempotency-Key': key } });

export const remove = (id: string): Promise<void> => request(at(id), { method: 'DELETE' });

export const rotate = (id: string): Promise<{ webhook: Webhook; secret: string }> =>
  request(at(id, '/rotate-secret'), { method: 'POST' });

export const ping = (id: string): Promise<Delivery> => request(at(id, '/ping'), { method: 'POST' });

export const deliveries = (id: string, cursor: string | null): Promise<Page<Delivery>> =>
  request(at(id, '/deliveries'), { query: { cursor, limit: 20 } });

export const redeliver = (id: string, delivery: string): Promise<Delivery> =>
  request(at(id, `/deliveries/${encodeURIComponent(delivery)}/redeliver`), { method: 'POST' });
