import { late } from '../app/late';
import { formatMoney } from '../money/money';
import type { MoneyFigure, Unavailable } from './types';

/** What is said of figures: money with its sign, shares of a hundred, and why something is not known. */

const LOCALE = 'en-IN';
const MOST_DECIMALS = 8;
const MOST_DIGITS = 15;
const quantityFormat = late(() => new Intl.NumberFormat(LOCALE, { maximumFractionDigits: MOST_DECIMALS }));

const REASONS: Readonly<Record<string, string>> = {
  missingPrice: 'no price was ever seen',
  missingPreviousClose: 'yesterday’s close was never seen',
  missingRate: 'no exchange rate',
  tooLarge: 'more than can be counted',
};

/** Why it is not known, in a few words. */
export function sayWhy(unavailable: Unavailable | null): string {
  return unavailable ? (REASONS[unavailable.reason] ?? unavailable.detail) : 'not known';
}

export function formatQuantity(quantity: number): string {
  return quantityFormat().format(quantity).replace('-', '−');
}

/** A gain: with a plus where it is one. */
export function formatGain(minor: number, currency: string): string {
  return (minor > 0 ? '+' : '') + formatMoney(minor, currency);
}

export function toneOf(amount: number | null | undefined): 'up' | 'down' | '' {
  return !amount ? '' : amount > 0 ? 'up' : 'down';
}

/** Per cent that a gain is of what it grew from; null where that is nothing, or either is not known. */
export function percentOf(gain: MoneyFigure, base: number | null): number | null {
  return gain.amount === null || base === null || base <= 0 ? null : (gain.amount / base) * 100;
}

/** Per cent of the day, of what was there at the close before. */
export function dayPercent(change: MoneyFigure, value: MoneyFigure): number | null {
  return change.amount === null || value.amount === null ? null : percentOf(change, value.amount - change.amount);
}

/** A quantity, price or ratio that somebody typed, above 0; null for what the server would refuse. */
export function parseDecimal(text: string): number | null {
  const plain = text.trim().replace(/[,\s]/g, '');
  const found = /^(\d*)(?:\.(\d*))?$/.exec(plain);
  const [whole, fraction] = [found?.[1] ?? '', found?.[2] ?? ''];
  const digits = whole.replace(/^0+/, '').length + fraction.length;
  if (!found || whole + fraction === '' || fraction.length > MOST_DECIMALS || digits > MOST_DIGITS) return null;
  const value = Number(plain);
  return value > 0 ? value : null;
}
