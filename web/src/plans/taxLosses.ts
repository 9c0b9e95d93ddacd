import { request } from '../api/client';
import { newId } from '../api/ids';

/** JSON shapes of losses worth taking. Money is minor units of the view's currency. */

export interface AdjustedLot {
  account: string;
  symbol: string;
  lot: string;
  quantity: number;
  adjustedCost: number;
  inherited: number;
  acquired: string;
  heldSince: string;
  replaces: string;
}

export interface TaxLoss {
  account: string;
  symbol: string;
  lot: string;
  quantity: number;
  purchasePrice: number;
  currentPrice: number;
  priceAsOf: string;
  stale: boolean;
  unrealizedLoss: number;
  purchaseDate: string;
  isLongTerm: boolean;
  disallowed: number;
  deductible: number;
  buyAgainFrom: string;
  clearFrom: string;
  replacements: AdjustedLot[];
  explanation: string;
}

export interface TaxLossView {
  currency: string;
  computedAt: string;
  opportunities: TaxLoss[];
  washSales: AdjustedLot[];
  unavailable: { symbol: string; reason: string }[];
}

export interface Sale {
  account: string;
  lot: string;
  quantity: number;
  /** The current one without it. */
  price?: number | null;
}

export interface WhatIf {
  currency: string;
  gain: number;
  disallowed: number;
  deductible: number;
  shortTerm: number;
  longTerm: number;
  replacements: AdjustedLot[];
}

const path = (user: string): string => `/users/${encodeURIComponent(user)}/tax-loss-opportunities`;

export const read = (user: string, signal?: AbortSignal): Promise<TaxLossView> => request(path(user), { signal });

export const csv = (user: string): Promise<Blob> => request(path(user), { query: { format: 'csv' }, file: true });

/** Nothing is recorded by it. */
export const tryOut = (user: string, sales: Sale[]): Promise<WhatIf> =>
  request(`${path(user)}/what-if`, { method: 'POST', body: { sales }, headers: { 'idempotency-key': newId('KEY') } });

export const MOST_SALES = 100;

export const REASONS: Readonly<Record<string, string>> = {
  missing_price: 'no price was ever seen', missing_rate: 'no exchange rate',
};
