import { parseDecimal } from '../portfolio/figures';

/** Parts of a whole, as people type them (per cent) and as the API has them (of 1). */

const DIGITS = 10;
const MOST_DECIMALS = 4;

/** 12.5 → 0.125, without the noise of a division. Null for what is no share; 0 is one. */
export function parseShare(text: string): number | null {
  const plain = text.trim().replace(/%$/, '');
  if (/^0*\.?0*$/.test(plain) && /0/.test(plain)) return 0;
  const percent = parseDecimal(plain);
  return percent === null || percent > 100 ? null : Number((percent / 100).toFixed(DIGITS));
}

/** As an input shows it: 0.125 → `12.5`. */
export function shareInput(share: number): string {
  return String(Number((share * 100).toFixed(MOST_DECIMALS)));
}

export function sayShareOf(share: number): string {
  return `${(share * 100).toFixed(2)}%`.replace('-', '−');
}

/** Equal parts for each, and what is left of 1 on none. */
export function equalParts(count: number): number {
  return count === 0 ? 0 : Math.floor((1 / count) * 10_000) / 10_000;
}

/** Parts of a whole by amounts, to a hundredth of a per cent, rounded down: never more than 1 together. */
export function partsOf(amounts: readonly number[]): number[] {
  const whole = amounts.reduce((sum, amount) => sum + Math.max(0, amount), 0);
  return amounts.map((amount) => (whole > 0 && amount > 0 ? Math.floor((amount / whole) * 10_000) / 10_000 : 0));
}
