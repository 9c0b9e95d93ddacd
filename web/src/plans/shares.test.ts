import { describe, expect, it } from 'vitest';
import { equalParts, parseShare, partsOf, sayShareOf, shareInput } from './shares';

describe('shares', () => {
  it('are read as per cent, without noise', () => {
    expect(['14.29', '7', '100', '12.5 %', '0', '0.0'].map(parseShare)).toEqual([0.1429, 0.07, 1, 0.125, 0, 0]);
    expect(['', '-1', '101', 'half', '.'].map(parseShare)).toEqual([null, null, null, null, null]);
  });

  it('go back into an input as they were typed', () => {
    for (const text of ['14.29', '7', '100', '12.5', '0']) expect(shareInput(parseShare(text)!)).toBe(text);
    expect(sayShareOf(0.12345)).toBe('12.35%');
  });

  it('never come to more than the whole', () => {
    for (const count of [1, 3, 7, 500]) expect(equalParts(count) * count).toBeLessThanOrEqual(1);
    const parts = partsOf([1, 1, 1, -5]);
    expect(parts).toEqual([0.3333, 0.3333, 0.3333, 0]);
  });
});
