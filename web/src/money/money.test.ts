import { describe, expect, it } from 'vitest';
import { exponentOf, formatMoney, moneyInput, parseMoney } from './money';

describe('formatMoney', () => {
  it('shows minor units with the digits of their currency', () => {
    expect(formatMoney(12_345_678, 'INR')).toBe('₹1,23,456.78');
    expect(formatMoney(5, 'INR')).toBe('₹0.05');
    expect(formatMoney(1_500, 'JPY')).toContain('1,500');
    expect(formatMoney(1_234, 'KWD')).toContain('1.234');
  });

  it('keeps the last digit of the largest balances', () => {
    expect(formatMoney(999_999_999_999_999, 'INR')).toBe('₹99,99,99,99,99,999.99');
  });

  it('marks what is below zero with a true minus sign', () => {
    expect(formatMoney(-150, 'INR')).toBe('−₹1.50');
  });
});

describe('parseMoney', () => {
  it('reads what people type', () => {
    expect(parseMoney('1,250.50', 'INR')).toBe(125_050);
    expect(parseMoney('₹ 1250', 'INR')).toBe(125_000);
    expect(parseMoney('0.1', 'INR')).toBe(10);
    expect(parseMoney('1500', 'JPY')).toBe(1_500);
    expect(parseMoney('1.5', 'KWD')).toBe(1_500);
  });

  it('refuses what cannot be meant', () => {
    for (const text of ['', 'ten', '-5', '1.005', '1.2.3', '1e5', '99999999999999999']) {
      expect(parseMoney(text, 'INR'), text).toBeNull();
    }
    expect(parseMoney('1.5', 'JPY')).toBeNull();
  });

  it('reads back what an input shows', () => {
    for (const [minor, currency] of [[5, 'INR'], [125_050, 'INR'], [1_500, 'JPY'], [7, 'KWD']] as const) {
      expect(parseMoney(moneyInput(minor, currency), currency)).toBe(minor);
    }
  });
});

describe('exponentOf', () => {
  it('is two unless ISO 4217 says otherwise', () => {
    expect(['INR', 'USD', 'JPY', 'BHD'].map(exponentOf)).toEqual([2, 2, 0, 3]);
  });
});
