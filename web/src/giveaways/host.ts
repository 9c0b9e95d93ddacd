import { newId } from '../api/ids';
import { request } from '../api/client';
import type { Page } from '../ui/loaded.svelte';
import type { Dashboard, Giveaway, Plan } from './types';

/** What a host asks for: the tenant's own giveaways. */

const at = (id: string, rest = ''): string => `/giveaways/${encodeURIComponent(id)}${rest}`;

export const list = (cursor: string | null, state: string | null): Promise<Page<Giveaway>> =>
  request('/giveaways', { query: { cursor, state, limit: 30 } });

export const read = (id: string, signal?: AbortSignal): Promise<Giveaway> => request(at(id), { signal });

/** `key` is the same for the same wish, so that a lost answer makes no second draft. */
export const create = (plan: Plan, key: string): Promise<Giveaway> =>
  request('/giveaways', { method: 'POST', body: plan, headers: { 'Idempotency-Key': key } });

export const newKey = (): string => newId('KEY');

export const edit = (id: string, revision: number, plan: Plan): Promise<Giveaway> =>
  request(at(id), { method: 'PUT', body: { revision, plan } });

export const remove = (id: string): Promise<void> => request(at(id), { method: 'DELETE' });

export const act = (id: string, action: 'schedule' | 'pause' | 'resume'): Promise<Giveaway> =>
  request(at(id, `/${action}`), { method: 'POST' });

export const cancel = (id: string, reason: string): Promise<Giveaway> =>
  request(at(id, '/cancel'), { method: 'POST', body: { reason } });

export const reschedule = (id: string, startsAt: string, endsAt: string): Promise<Giveaway> =>
  request(at(id, '/reschedule'), { method: 'POST', body: { startsAt, endsAt } });

export const dashboard = (id: string, signal?: AbortSignal): Promise<Dashboard> =>
  request(at(id, '/dashboard'), { signal });

export interface Card {
  id: string;
  merchantId: string;
  name: string;
  denomination: number;
  currency: string;
  available: number;
  validDays: number;
  terms: string;
  imageUrl?: string | null;
}

/** The cards of all merchants that hosts can have. */
export const cards = (currency: string, signal?: AbortSignal): Promise<Page<Card>> =>
  request('/cards', { query: { currency, limit: 200 }, signal });

export interface PrizeRow {
  id: string;
  number: number;
  title: string;
  amount: number;
  currency: string;
  state: 'open' | 'won' | 'claimed' | 'released';
  escrowId?: string | null;
  winner?: string | null;
  wonAt?: string | null;
}

export const prizes = (id: string, signal?: AbortSignal): Promise<Page<PrizeRow>> => request(at(id, '/prizes'), { signal });

/** Somebody who takes part, as only the host sees them. */
export interface ParticipantRow {
  id: string;
  name: string;
  contact: string;
  at: string;
  attempts: number;
  prizes: number;
  points: number;
}

export const participants = (id: string, cursor: string | null): Promise<Page<ParticipantRow>> =>
  request(at(id, '/participants'), { query: { cursor, limit: 50 } });

/** What somebody says to have done, with how much their account looks made up for it (0 to 100). */
export interface CompletionRow {
  id: string;
  participant: string;
  task: string;
  handle: string;
  points: number;
  state: 'waiting' | 'active' | 'completed' | 'failed' | 'invalidated';
  reason?: string | null;
  fraudScore: number;
  at: string;
}

export const completions = (id: string, cursor: string | null): Promise<Page<CompletionRow>> =>
  request(at(id, '/completions'), { query: { cursor, limit: 50 } });

export const invalidate = (id: string, completion: string, reason: string): Promise<CompletionRow> =>
  request(at(id, `/completions/${encodeURIComponent(completion)}/invalidate`), { method: 'POST', body: { reason } });
