import { newId } from '../api/ids';
import { request } from '../api/client';
import type { Page } from '../ui/loaded.svelte';

/** JSON shapes of what a shop and its branches ask for. Amounts are minor units. */

export type Kyc = 'notSubmitted' | 'submitted' | 'approved' | 'rejected' | 'resubmitted';

export interface Profile {
  name: string;
  legalName: string;
  registrationNumber: string;
  country: string;
  email: string;
  bankAccount?: string | null;
}

export interface Merchant {
  id: string;
  profile: Profile;
  kyc: Kyc;
  kycReason?: string | null;
}

export interface Branch {
  id: string;
  name: string;
  address: string;
  staff: { userId: string; role: string }[];
  state: 'open' | 'closed';
}

export interface Card {
  id: string;
  name: string;
  denomination: number;
  currency: string;
  available: number;
  validDays: number;
  terms: string;
  state: 'listed' | 'withdrawn';
}

export interface NewCard {
  id: string;
  name: string;
  denomination: number;
  currency: string;
  stock: number;
  validDays: number;
  terms: string;
}

export type WithdrawalState =
  | 'requested' | 'awaitingApproval' | 'approved' | 'sent' | 'rejecting' | 'completed' | 'failed' | 'rejected' | 'refused';

export interface Withdrawal {
  id: string;
  amount: number;
  currency: string;
  state: WithdrawalState;
  requestedBy: string;
  reason?: string | null;
  createdAt: string;
}

const enc = encodeURIComponent;

export const mine = (signal?: AbortSignal): Promise<Merchant> => request('/merchant', { signal });

export const put = (profile: Profile): Promise<Merchant> => request('/merchant', { method: 'PUT', body: profile });

export const submit = (): Promise<Merchant> => request('/merchant/kyc', { method: 'POST' });

export const branches = (cursor: string | null = null): Promise<Page<Branch>> =>
  request('/merchant/branches', { query: { cursor, limit: 100 } });

export const addBranch = (name: string, address: string, key: string): Promise<Branch> =>
  request('/merchant/branches', { method: 'POST', body: { name, address, staff: [] }, headers: { 'Idempotency-Key': key } });

export const changeBranch = (branch: Branch): Promise<Branch> =>
  request(`/merchant/branches/${enc(branch.id)}`, {
    method: 'PUT', body: { name: branch.name, address: branch.address, staff: branch.staff },
  });

export const closeBranch = (id: string): Promise<void> => request(`/merchant/branches/${enc(id)}`, { method: 'DELETE' });

/** Somebody who belongs to the merchant, with what they are there. */
export interface Member {
  user: string;
  name: string;
  roles: string[];
}

export const members = async (tenant: string, signal?: AbortSignal): Promise<Member[]> =>
  (await request<Page<Member>>(`/tenants/${enc(tenant)}/members`, { signal })).data;

export const cards = (cursor: string | null = null): Promise<Page<Card>> =>
  request('/merchant/cards', { query: { cursor, limit: 100 } });

export const addCard = (card: NewCard): Promise<Card> => request('/merchant/cards', { method: 'POST', body: card });

export const stock = (id: string, change: number): Promise<Card> =>
  request(`/merchant/cards/${enc(id)}/stock`, { method: 'POST', body: { id: newId('STOCK'), change } });

export const offer = (id: string, state: Card['state']): Promise<Card> =>
  request(`/merchant/cards/${enc(id)}`, { method: 'PATCH', body: { state } });

const withdrawalsOf = (merchant: string, rest = ''): string => `/merchants/${enc(merchant)}/withdrawals${rest}`;

export const withdrawals = (merchant: string, cursor: string | null): Promise<Page<Withdrawal>> =>
  request(withdrawalsOf(merchant), { query: { cursor, limit: 20 } });

/** Repeated with the same id it is paid once. */
export const withdraw = (merchant: string, id: string, amount: number, currency: string): Promise<Withdrawal> =>
  request(withdrawalsOf(merchant), { method: 'POST', body: { id, amount, currency } });

export const approve = (merchant: string, id: string): Promise<Withdrawal> =>
  request(withdrawalsOf(merchant, `/${enc(id)}/approve`), { method: 'POST' });

export const reject = (merchant: string, id: string, reason: string): Promise<Withdrawal> =>
  request(withdrawalsOf(merchant, `/${enc(id)}/reject`), { method: 'POST', body: { reason } });

export interface Earned {
  currency: string;
  available: number;
  held: number;
}

/** What the shop has earned, and what of it is being withdrawn. */
export const balance = (merchant: string, currency: string, signal?: AbortSignal): Promise<Earned> =>
  request(`/merchants/${enc(merchant)}/balance/${currency}`, { signal });

/** For operators: who waits to be checked. */
export const all = (kyc: string, cursor: string | null): Promise<Page<Merchant>> =>
  request('/operations/merchants', { query: { kyc: kyc || null, cursor, limit: 50 } });

export const review = (id: string, word: { approve: boolean; reason?: string }): Promise<Merchant> =>
  request(`/operations/merchants/${enc(id)}/review`, { method: 'POST', body: word });

export const KYC: Readonly<Record<Kyc, string>> = {
  notSubmitted: 'Not handed in', submitted: 'Being checked', approved: 'Approved', rejected: 'Sent back', resubmitted: 'Being checked again',
};

export interface Redemption {
  id: string;
  branchId: string;
  cardName: string;
  amount: number;
  currency: string;
  state: 'initiated' | 'settling' | 'completed' | 'cancelled' | 'expired';
  settlement?: { net: number; fee: number; providerFee: number } | null;
  failure?: string | null;
  at: string;
  expiresAt: string;
}

const redemption = (id: string, rest = ''): string => `/redemptions/${enc(id)}${rest}`;

/** Looks the code up and shows what it is worth; nothing is paid yet. */
export const initiate = (code: string, branchId: string, key: string): Promise<Redemption> =>
  request('/redemptions', { method: 'POST', body: { code, branchId }, headers: { 'Idempotency-Key': key } });

export const readRedemption = (id: string): Promise<Redemption> => request(redemption(id));

/** May be repeated: it is settled once. */
export const confirm = (id: string): Promise<Redemption> => request(redemption(id, '/confirm'), { method: 'POST' });

export const callOff = (id: string): Promise<Redemption> => request(redemption(id, '/cancel'), { method: 'POST' });

export const redemptions = (branch: string, cursor: string | null): Promise<Page<Redemption>> =>
  request('/redemptions', { query: { branch, cursor, limit: 50 } });
