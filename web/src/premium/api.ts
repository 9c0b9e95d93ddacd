import { ApiError, getJson, request } from '../api/client';
import type { Page } from '../ui/loaded.svelte';

/** JSON shapes of premium. Amounts are minor units. */

export interface Plan {
  name: string;
  amount: number;
  currency: string;
  trialDays: number;
}

export type State = 'pending' | 'active' | 'pastDue' | 'cancelled' | 'ended';

export interface Subscription {
  id: string;
  plan: string;
  amount: number;
  currency: string;
  state: State;
  isActive: boolean;
  isTrial: boolean;
  paidUntil: string;
  nextPaymentAt?: string | null;
}

export interface Charge {
  id: string;
  amount: number;
  currency: string;
  state: 'open' | 'paid' | 'declined';
  from: string;
  until: string;
  at: string;
}

/** What premium costs, and the subscription that there is, if there is one. */
export interface Offer {
  plan: Plan;
  mine: Subscription | null;
}

export async function offer(signal?: AbortSignal): Promise<Offer> {
  const [plan, mine] = await Promise.all([
    getJson<Plan>('/subscription/plan', {}, signal),
    getJson<Subscription>('/subscription', {}, signal).catch((error: unknown) => {
      if (error instanceof ApiError && error.problem.code === 'unknown_subscription') return null;
      throw error;
    }),
  ]);
  return { plan, mine };
}

export const charges = (cursor: string | null): Promise<Page<Charge>> => getJson('/subscription/charges', { cursor });

const post = (path: string, body?: unknown): Promise<Subscription> => request(path, { method: 'POST', body });

export const subscribe = (paymentMethod: string): Promise<Subscription> => post('/subscription', { paymentMethod });

export const cancel = (): Promise<Subscription> => post('/subscription/cancel');

export const renew = (paymentMethod: string | null): Promise<Subscription> => post('/subscription/renew', { paymentMethod });
