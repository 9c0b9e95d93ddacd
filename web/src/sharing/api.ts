import { request } from '../api/client';
import type { MoneyFigure, Statistic } from '../portfolio/types';

/** JSON shapes of shared links and of the full export. */

export type Shows = 'percentages' | 'amounts';

export interface SharedLink {
  id: string;
  name: string;
  shows: Shows;
  accounts: string[];
  createdAt: string;
  expiresAt: string;
}

export interface NewLink {
  name: string;
  shows: Shows;
  days: number;
  /** All of now without them. */
  accounts?: string[];
}

export interface SharedHolding {
  symbol: string;
  weight: Statistic;
  unrealized: Statistic;
  dayChange: Statistic;
  amounts: { quantity: number; cost: MoneyFigure; value: MoneyFigure } | null;
}

export interface SharedPortfolio {
  name: string;
  shows: Shows;
  currency: string;
  expiresAt: string;
  asOf: string | null;
  stale: boolean;
  holdings: SharedHolding[];
  performance: {
    from: string;
    to: string;
    timeWeighted: Statistic;
    dayReturn: Statistic;
    yearToDate: Statistic;
    volatility: Statistic;
    drawdown: { deepest: number } | null;
    series: { date: string; growth: number }[];
  };
  amounts: { value: MoneyFigure; cost: MoneyFigure; dayChange: MoneyFigure; unrealized: MoneyFigure } | null;
}

export const links = async (signal?: AbortSignal): Promise<SharedLink[]> =>
  (await request<{ data: SharedLink[] }>('/portfolios/links', { signal })).data;

/** The token is told once. */
export const share = (link: NewLink, key: string): Promise<{ token: string; link: SharedLink }> =>
  request('/portfolios/links', { method: 'POST', body: link, headers: { 'idempotency-key': key } });

export const end = (id: string): Promise<void> => request(`/portfolios/links/${id}`, { method: 'DELETE' });

/** As anybody who was given the link sees it. */
export const open = (token: string, signal?: AbortSignal): Promise<SharedPortfolio> =>
  request('/shared/portfolio', { method: 'POST', body: { token }, anonymous: true, signal });

/** Where a link leads: what comes after the # is never sent to a server. */
export const addressOf = (token: string): string => `${location.origin}/#/shared/${encodeURIComponent(token)}`;

export interface ExportResult {
  fileName: string;
  bytes: number;
  sha256: string;
  accounts: number;
  transactions: number;
  expiresAt: string;
}

export interface ExportJob {
  jobId: string;
  status: 'waiting' | 'active' | 'completed' | 'failed';
  estimatedTime: number | null;
  result: ExportResult | null;
  error: string | null;
}

export const startExport = (): Promise<ExportJob> => request('/portfolios/exports', { method: 'POST' });

export const job = (id: string, signal?: AbortSignal): Promise<ExportJob> => request(`/jobs/${id}`, { signal });

/** Where the file is, for five minutes. */
export const exported = (id: string): Promise<{ url: string; fileName: string }> => request(`/portfolios/exports/${id}`);
