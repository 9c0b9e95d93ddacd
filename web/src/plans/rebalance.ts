import { ApiError, request } from '../api/client';
import { hasCode } from '../api/words';
import type { Page } from '../ui/loaded.svelte';

/** JSON shapes of targets and plans. Weights, bands, fees and taxes are parts of 1; money is in minor units. */

export const NIGHTLY = ['onRequest', 'propose', 'automatic'] as const;
export type Nightly = (typeof NIGHTLY)[number];

export interface Rules {
  targets: Record<string, number>;
  band: number;
  minimumTrade: number;
  step: number;
  cashKept: number;
  feeRate: number;
  isTaxAware: boolean;
  shortTermTax: number;
  longTermTax: number;
}

export interface Targets {
  rules: Rules;
  nightly: Nightly;
}

export interface Order {
  symbol: string;
  side: 'buy' | 'sell';
  quantity: number;
  price: number;
  amount: number;
  fee: number;
  /** What it does to the cash. */
  cash: number;
  lots: { lotId: string; quantity: number }[];
  shortTermGain: number;
  longTermGain: number;
}

export interface Line {
  symbol: string;
  before: number;
  target: number;
  after: number;
  isWithinBand: boolean;
  /** Why it stays outside its band. */
  reason: string | null;
}

export interface PlanPrice {
  symbol: string;
  price: number;
  quoted: number;
  currency: string;
  rate: number;
  asOf: string;
  stale: boolean;
}

export interface Plan {
  id: string;
  account: string;
  state: 'open' | 'confirmed' | 'cancelled' | 'expired';
  trigger: 'owner' | 'nightly';
  currency: string;
  asOf: string | null;
  createdAt: string;
  expiresAt: string;
  rules: Rules;
  prices: PlanPrice[];
  plan: {
    total: number;
    cashBefore: number;
    cashAfter: number;
    orders: Order[];
    lines: Line[];
    fees: number;
    tax: number;
  };
  tradesAt: string | null;
  transactions: string[];
}

/** A plan in the list of them. */
export interface PlanSummary extends Pick<Plan, 'id' | 'state' | 'trigger' | 'currency' | 'createdAt' | 'expiresAt' | 'tradesAt'> {
  orders: number;
  total: number;
  fees: number;
  tax: number;
}

export const STATES: Record<Plan['state'], string> = {
  open: 'to be reviewed', confirmed: 'confirmed', cancelled: 'put away', expired: 'out of date',
};

const path = (account: string): string => `/portfolios/${account}`;

/** Null where the account has none yet. */
export const targets = (account: string, signal?: AbortSignal): Promise<Targets | null> =>
  request<Targets>(`${path(account)}/targets`, { signal }).catch((error: unknown) => {
    if (hasCode(error, 'no_targets')) return null;
    throw error;
  });

export const setTargets = (account: string, wanted: Targets): Promise<Targets> =>
  request(`${path(account)}/targets`, { method: 'PUT', body: wanted });

/** The id of a new plan, or of the one that is being reviewed. */
export async function make(account: string): Promise<string> {
  try {
    return (await request<Plan>(`${path(account)}/rebalance`, { method: 'POST' })).id;
  } catch (error) {
    const open = hasCode(error, 'plan_open') ? extra<string>(error, 'plan') : null;
    if (open) return open;
    throw told(error);
  }
}

export const plan = (account: string, id: string, signal?: AbortSignal): Promise<Plan> =>
  request(`${path(account)}/rebalance/${id}`, { signal });

const PAGE = 10;

/** An account's plans, the newest first; one that is open is the first. */
export const plans = (account: string, cursor: string | null): Promise<Page<PlanSummary>> =>
  request(`${path(account)}/rebalance`, { query: { cursor, limit: PAGE } });

export const close = (account: string, id: string, how: 'confirm' | 'cancel'): Promise<Plan> =>
  request<Plan>(`${path(account)}/rebalance/${id}/${how}`, { method: 'POST' }).catch((error: unknown) => {
    throw told(error);
  });

const OUTDATED: Readonly<Record<string, string>> = {
  expired: 'Its time is over.',
  holdings: 'Something was recorded in the account since it was made.',
  prices: 'A price has moved by more than half a per cent since it was made.',
  targets: 'The targets were changed since it was made.',
  closed: 'It was cancelled, or another took its place.',
  confirmed: 'It was confirmed already.',
};

/** The same failure, with the reason in words. */
function told(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const why = OUTDATED[extra<string>(error, 'reason') ?? ''];
  const said = error.problem.detail ?? error.problem.title;
  return hasCode(error, 'plan_outdated') && why ? new ApiError({ ...error.problem, detail: `${why} ${said}` }) : error;
}

function extra<T>(error: unknown, name: string): T | undefined {
  return error instanceof ApiError ? (error.problem as unknown as Record<string, T | undefined>)[name] : undefined;
}
