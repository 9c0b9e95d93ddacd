import { describe, expect, it } from 'vitest';
import { sayCondition, sayOf } from './alerts';

describe('sayCondition', () => {
  it('says prices as prices and moves with their window', () => {
    expect(sayCondition({ kind: 'above', threshold: 2500, windowMinutes: null })).toBe('rises to 2,500.00');
    expect(sayCondition({ kind: 'fall', threshold: 5, windowMinutes: 120 })).toBe('falls by 5% within 2 hours');
    expect(sayCondition({ kind: 'rise', threshold: 2.5, windowMinutes: 1440 })).toBe('rises by 2.5% within one day');
    expect(sayCondition({ kind: 'rise', threshold: 1, windowMinutes: 90 })).toBe('rises by 1% within 90 minutes');
  });

  it('tells an account by its name, and its fall without a window', () => {
    const fall = { kind: 'drawdown', threshold: 10, windowMinutes: null } as const;
    expect(sayCondition(fall)).toBe('falls below its highest close by 10%');
    const account = { id: 'PACC_1', name: 'Savings', currency: 'INR', lotMethod: 'fifo', tracksCash: false, shortSelling: false, openedAt: '' } as const;
    expect(sayOf({ symbol: null, account: 'PACC_1' }, [account])).toBe('Savings');
    expect(sayOf({ symbol: 'TCS', account: null }, [account])).toBe('TCS');
  });
});
