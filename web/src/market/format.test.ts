import { describe, expect, it } from 'vitest';
import * as format from './format';

describe('prices', () => {
  it('are grouped as in India and keep every decimal', () => {
    expect(format.formatPrice(1234567.5)).toBe('12,34,567.50');
    expect(format.formatPrice(0.12345678)).toBe('0.12345678');
    expect(format.formatPrice(null)).toBe('–');
  });

  it('change without rounding noise and with a sign', () => {
    expect(format.formatChange(1432.1 - 1432)).toBe('+0.10');
    expect(format.formatChange(-0.05)).toBe('−0.05');
    expect(format.formatChange(0)).toBe('0.00');
    expect(format.formatPercent(-1.256)).toBe('−1.26%');
    expect(format.formatPercent(null)).toBe('–');
  });

  it('tell the decimals they need', () => {
    expect([100, 100.5, 100.05, 0.0125, 1e-9].map(format.decimalsOf)).toEqual([2, 2, 2, 4, 8]);
  });

  it('count in lakh', () => {
    expect(format.formatCount(1234567)).toBe('12,34,567');
    expect(format.formatCompact(1234567)).toBe('12.35L');
  });
});

describe('times', () => {
  const now = Date.parse('2026-11-20T10:00:00Z');

  it('are exchange times, with the date where it is another day there', () => {
    expect(format.formatTime('2026-11-20T03:45:07Z', now)).toBe('09:15:07');
    expect(format.formatTime('2026-11-19T03:45:07Z', now)).toMatch(/^19.Nov.2026, 09:15:07$/);
    expect(format.formatTime('not a time', now)).toBe('–');
  });

  it('know that the exchange is a day ahead of UTC after 18:30', () => {
    expect(format.exchangeDay(Date.parse('2026-11-20T18:29:59Z'))).toBe('2026-11-20');
    expect(format.exchangeDay(Date.parse('2026-11-20T18:30:00Z'))).toBe('2026-11-21');
    expect(format.exchangeDay(Date.parse('2026-11-20T18:30:00Z'), format.TEST_EXCHANGE)).toBe('2026-11-20');
  });
});
