import { request } from '../api/client';
import type { Performance, Statistic } from './types';

export const SPANS = ['1M', '6M', 'YTD', '1Y', '5Y'] as const;
export type Span = (typeof SPANS)[number];

export interface Wanted {
  /** Null for all accounts together. */
  account: string | null;
  /** One holding of the account, and one lot of it; without them it is the whole. */
  symbol?: string;
  lot?: string;
  span: Span;
  benchmark: string;
  /** Up to this moment rather than the last snapshot; not of a holding. */
  live: boolean;
}

/** The day (yyyy-mm-dd) when whose end the window begins. A year's window begins with the last day of the year before. */
export function beginOf(span: Span, end: Date): string {
  const day = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth(), end.getUTCDate()));
  if (span === 'YTD') return `${day.getUTCFullYear() - 1}-12-31`;
  const months = { '1M': 1, '6M': 6, '1Y': 12, '5Y': 60 }[span];
  const date = day.getUTCDate();
  day.setUTCMonth(day.getUTCMonth() - months);
  // The 31st of a month that has none is its last day.
  if (day.getUTCDate() !== date) day.setUTCDate(0);
  return day.toISOString().slice(0, 10);
}

/** `end` is when the window ends; null where that is not known yet: then it is a year up to the last snapshot. */
export function readPerformance(
  wanted: Wanted, end: Date | null, explain: boolean, signal?: AbortSignal,
): Promise<Performance> {
  const { span, benchmark } = wanted;
  const query = { from: end && beginOf(span, end), benchmark: benchmark || null, explain: explain ? 'true' : null };
  return request(pathOf(wanted), { query, signal });
}

function pathOf({ account, symbol, lot, live }: Wanted): string {
  const whole = account === null ? '/portfolios' : `/portfolios/${account}`;
  const part = symbol ? `/holdings/${encodeURIComponent(symbol)}${lot ? `/lots/${encodeURIComponent(lot)}` : ''}` : '';
  return `${whole}${part}/performance${live ? '/live' : ''}`;
}

const WAYS = {
  percent: (value: number) => sign(`${value > 0 ? '+' : ''}${(value * 100).toFixed(2)}%`),
  plainPercent: (value: number) => sign(`${(value * 100).toFixed(2)}%`),
  number: (value: number) => sign(value.toFixed(2)),
};
export type Way = keyof typeof WAYS;

export function sayStatistic(statistic: Statistic, way: Way): string | null {
  return statistic.value === null ? null : WAYS[way](statistic.value);
}

export const sayShare = (value: number): string => WAYS.percent(value);

function sign(text: string): string {
  return text.replace('-', '−');
}
