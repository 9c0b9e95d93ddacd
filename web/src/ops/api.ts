import { getJson, request } from '../api/client';
import type { Page } from '../ui/loaded.svelte';
import type { Entry } from '../wallet/api';

/** JSON shapes of what operators see. Amounts are minor units. */

export interface CurrencyBalance {
  currency: string;
  available: number;
  held: number;
  clearing: number;
  accounts: number;
  total: number;
}

export interface TrialBalance {
  at: string;
  balanced: boolean;
  currencies: CurrencyBalance[];
}

export interface Balance {
  account: string;
  kind: string;
  currency: string;
  exponent: number;
  available: number;
  held: number;
  clearing: number;
  sequence: number;
  at: string;
}

export interface JournalCheck {
  account: string;
  intact: boolean;
  entries: number;
  brokenAt?: number | null;
  reason?: string | null;
}

export type SagaStatus = 'pending' | 'running' | 'suspended' | 'completed' | 'failed' | 'terminated';

export interface SagaRow {
  instanceId: string;
  name: string;
  status: SagaStatus;
  createdAt: string;
  updatedAt: string;
}

export interface StepFailure {
  type: string;
  message: string;
  stackTrace?: string | null;
  inner?: StepFailure | null;
}

export interface Saga extends SagaRow {
  input?: unknown;
  output?: unknown;
  customStatus?: unknown;
  failure?: StepFailure | null;
}

export interface SagaStep {
  kind: string;
  name?: string | null;
  status: 'open' | 'completed' | 'failed';
  compensation: boolean;
  startedAt: string;
  endedAt?: string | null;
  fireAt?: string | null;
  reason?: string | null;
  input?: unknown;
  output?: unknown;
  attempts: {
    number: number; status: 'open' | 'completed' | 'failed'; startedAt: string; endedAt?: string | null;
    instanceId?: string | null; failure?: StepFailure | null;
  }[];
  transfers: { id: string; transfer?: LedgerTransfer | null }[];
}

export interface LedgerTransfer {
  id: string;
  account: string;
  creditAccount: string;
  amount: number;
  currency: string;
  state: string;
}

export type SagaOrder = 'suspend' | 'resume' | 'terminate' | 'retry';

export interface OutboxLetter {
  container: string;
  message: {
    id: string; kind: string; payload: unknown; correlationId: string; at: string; giveaway?: string | null;
    tenant?: string | null; failure?: string | null;
  };
}

export interface PaymentLetter {
  eventId: string;
  kind: string;
  state: string;
  reason?: string | null;
  body: string;
  receivedAt: string;
}

export interface TickLetter {
  id: string;
  shard: string;
  at: string;
  replayedAt?: string | null;
  ticks: { sequence: number; reason: string; source: string; raw: string; whole: boolean }[];
}

export interface Reconciliation {
  id: string;
  account: string;
  from: string;
  to: string;
  state: string;
  lines: number;
  matched: number;
  inStatementOnly: number;
  inBooksOnly: number;
  amountDiffers: number;
  resolved: number;
  createdAt: string;
}

export interface Unmatched {
  id: string;
  kind: 'inStatementOnly' | 'inBooksOnly' | 'amountDiffers';
  line?: { reference: string; amount: number; currency: string; date: string } | null;
  booked?: { transfer: string; reference: string; amount: number; at: string } | null;
  state: 'open' | 'resolved';
  resolvedBy?: string | null;
  resolvedAt?: string | null;
  note?: string | null;
}

const enc = encodeURIComponent;
const account = (id: string, rest = ''): string => `/ledger/accounts/${enc(id)}${rest}`;
const saga = (id: string, rest = ''): string => `/operations/orchestrations/${enc(id)}${rest}`;

export const trialBalance = (signal?: AbortSignal): Promise<TrialBalance> =>
  getJson('/ledger/trial-balance', {}, signal);

export const balance = (id: string, signal?: AbortSignal): Promise<Balance> => getJson(account(id), {}, signal);

export const statement = (id: string, cursor: string | null): Promise<Page<Entry>> =>
  getJson(account(id, '/statement'), { cursor, limit: 50 });

export const verify = (id: string): Promise<JournalCheck> => getJson(account(id, '/verify'));

export const sagas = (cursor: string | null, status: string, prefix: string): Promise<Page<SagaRow>> =>
  getJson('/operations/orchestrations', { cursor, limit: 50, status: status || null, prefix: prefix || null });

export const readSaga = (id: string, signal?: AbortSignal): Promise<Saga> => getJson(saga(id), {}, signal);

export const timeline = (id: string, signal?: AbortSignal): Promise<Page<SagaStep>> =>
  getJson(saga(id, '/timeline'), { limit: 500 }, signal);

export const order = (id: string, what: SagaOrder, reason: string): Promise<unknown> =>
  request(saga(id, `/${what}`), { method: 'POST', body: { reason } });

export const outbox = (container: string, cursor: string | null): Promise<Page<OutboxLetter>> =>
  getJson(`/operations/outbox/${container}`, { cursor });

export const replayOutbox = ({ container, message }: OutboxLetter): Promise<unknown> =>
  request(`/operations/outbox/${container}/${enc(message.giveaway ?? message.tenant ?? '')}/${enc(message.id)}/replay`, {
    method: 'POST',
  });

export const paymentEvents = (cursor: string | null): Promise<Page<PaymentLetter>> =>
  getJson('/operations/payment-events', { cursor });

export const replayPaymentEvent = (id: string): Promise<{ state: string }> =>
  request(`/operations/payment-events/${enc(id)}/replay`, { method: 'POST' });

export const ticks = (cursor: string | null): Promise<Page<TickLetter>> =>
  getJson('/operations/dead-letters', { cursor, limit: 10 });

export const replayTicks = (shard: string, id: string): Promise<{ sent: number; notWhole: number }> =>
  request(`/operations/dead-letters/${enc(shard)}/${enc(id)}/replay`, { method: 'POST' });

export const reconciliation = (id: string, signal?: AbortSignal): Promise<Reconciliation> =>
  getJson(`/ledger/reconciliations/${enc(id)}`, {}, signal);

export const unmatched = (id: string, state: string, cursor: string | null): Promise<Page<Unmatched>> =>
  getJson(`/ledger/reconciliations/${enc(id)}/unmatched`, { state: state || null, cursor, limit: 50 });

export const resolve = (id: string, item: string, note: string): Promise<Unmatched> =>
  request(`/ledger/reconciliations/${enc(id)}/unmatched/${enc(item)}/resolve`, { method: 'POST', body: { note } });
