import { describe, expect, it } from 'vitest';
import { dayPercent, formatGain, parseDecimal, percentOf, sayWhy } from './figures';
import type { MoneyFigure } from './types';

const known = (amount: number): MoneyFigure => ({ amount, unavailable: null });
const unknown: MoneyFigure = { amount: null, unavailable: { reason: 'missingPrice', detail: 'No price of it was ever seen.' } };

describe('percentOf', () => {
  it('is of what the gain grew from', () => {
    expect(percentOf(known(50), 1000)).toBe(5);
    expect(dayPercent(known(-50), known(950))).toBe(-5);
  });

  it('is not known, never 0, where its parts are not', () => {
    expect(percentOf(unknown, 1000)).toBeNull();
    expect(percentOf(known(5), 0)).toBeNull();
    expect(dayPercent(known(5), unknown)).toBeNull();
  });
});

describe('sayWhy', () => {
  it('has words for what is not known, and the server’s for the rest', () => {
    expect(sayWhy(unknown.unavailable)).toBe('no price was ever seen');
    expect(sayWhy({ reason: 'news', detail: 'It is new.' })).toBe('It is new.');
  });
});

describe('formatGain', () => {
  it('shows the sign', () => {
    expect(formatGain(12_345, 'INR')).toBe('+₹123.45');
    expect(formatGain(-12_345, 'INR')).toBe('−₹123.45');
    expect(formatGain(0, 'INR')).toBe('₹0.00');
  });
});

describe('parseDecimal', () => {
  it('reads what people type', () => {
    expect(['1,250.5', ' 10 ', '0.00000001', '.5'].map(parseDecimal)).toEqual([1250.5, 10, 1e-8, 0.5]);
  });

  it('does not guess', () => {
    expect(['', '.', '0', '-1', '1.2.3', 'ten', '0.000000001', '1234567890123456'].map(parseDecimal)).toEqual(Array(8).fill(null));
  });
});
