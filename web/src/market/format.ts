/** Numbers and times as an Indian investor writes them. Times are Asia/Kolkata, whatever the browser's zone. */

import { late } from '../app/late';

const LOCALE = 'en-IN';
const ZONE = 'Asia/Kolkata';
const MOST_DECIMALS = 8;

// Made when first used: a phone takes milliseconds for each, and no screen needs all.
const priceFormat = late(() => new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: MOST_DECIMALS }));
const signedFormat = late(() => new Intl.NumberFormat(LOCALE, {
  minimumFractionDigits: 2, maximumFractionDigits: MOST_DECIMALS, signDisplay: 'exceptZero',
}));
const percentFormat = late(() => new Intl.NumberFormat(LOCALE, {
  minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero',
}));
const countFormat = late(() => new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 3 }));
const compactFormat = late(() => new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 2 }));
const dayFormat = late(() => new Intl.DateTimeFormat(LOCALE, { timeZone: ZONE, day: '2-digit', month: 'short', year: 'numeric' }));
/** India's clocks are always so far ahead of UTC. */
const AHEAD_MS = 5.5 * 3_600_000;
/** The exchange of synthetic symbols, whose days are UTC days. */
export const TEST_EXCHANGE = 'TEST';

export const NOTHING = '–';

export function formatPrice(price: number | null | undefined): string {
  return price === null || price === undefined ? NOTHING : priceFormat().format(price);
}

/** A change of price with its sign, with the decimals of the prices it comes from and no rounding noise. */
export function formatChange(change: number | null): string {
  return change === null ? NOTHING : minus(signedFormat().format(change));
}

export function formatPercent(percent: number | null): string {
  return percent === null ? NOTHING : `${minus(percentFormat().format(percent))}%`;
}

export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? NOTHING : countFormat().format(count);
}

/** Thousands, lakh and crore, for narrow places. */
export function formatCompact(count: number): string {
  return compactFormat().format(count);
}

/** Exchange time; with the date where that is not today's at the exchange. */
export function formatTime(iso: string, nowMs: number): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return NOTHING;
  const clock = new Date(time.getTime() + AHEAD_MS).toISOString().slice(11, 19);
  return exchangeDay(time.getTime()) === exchangeDay(nowMs) ? clock : `${dayFormat().format(time)}, ${clock}`;
}

/** The date (yyyy-mm-dd) at the exchange, an Indian one unless told. */
export function exchangeDay(ms: number, exchange?: string): string {
  return new Date(exchange === TEST_EXCHANGE ? ms : ms + AHEAD_MS).toISOString().slice(0, 10);
}

/** Decimals that show `price` without loss: at least 2, at most 8. */
export function decimalsOf(price: number): number {
  for (let decimals = 2; decimals < MOST_DECIMALS; decimals++) {
    if (Number(price.toFixed(decimals)) === price) return decimals;
  }
  return MOST_DECIMALS;
}

// A true minus sign is as wide as a plus: signs stand under each other.
function minus(text: string): string {
  return text.replace('-', '−');
}
