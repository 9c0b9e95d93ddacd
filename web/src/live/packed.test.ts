import { describe, expect, it } from 'vitest';
import { quoteOf } from '../testing';
import { unpack, type PackedRow } from './packed';

const AT = Date.parse('2024-01-02T04:30:10.500Z');
const row = (...rest: [number, number, number, number, number, number, number?, number?]): PackedRow => ['TCS', ...rest];

describe('unpack', () => {
  it('makes a whole quote of a row and what is held', () => {
    const held = quoteOf({ seq: 4, high: 12, low: 9, open: 10 });
    const { quotes, missed } = unpack({ at: AT, of: 1, rows: [row(7, 3, 11.5, 900, 700, 120)] }, () => held);
    expect(missed).toBe(false);
    expect(quotes).toEqual([{
      ...held, seq: 7, prev: 4, price: 11.5, volume: 900,
      eventTime: '2024-01-02T04:30:09.800Z', asOf: '2024-01-02T04:30:10.380Z',
    }]);
  });

  it('takes high and low where they moved', () => {
    const held = quoteOf({ seq: 4, high: 12, low: 9 });
    const { quotes } = unpack({ at: AT, of: 1, rows: [row(5, 1, 13, 900, 0, 0, 13, 8.5)] }, () => held);
    expect(quotes[0]).toMatchObject({ high: 13, low: 8.5 });
  });

  it('says that a message is missing, and shows the newer price all the same', () => {
    const { quotes, missed } = unpack({ at: AT, of: 1, rows: [row(9, 2, 11, 1, 0, 0)] }, () => quoteOf({ seq: 4 }));
    expect([quotes.length, missed]).toEqual([1, true]);
  });

  it('passes over what is known, and asks for what it has never heard of', () => {
    const rows = [row(4, 2, 11, 1, 0, 0)];
    expect(unpack({ at: AT, of: 1, rows }, () => quoteOf({ seq: 4 }))).toEqual({ quotes: [], missed: false });
    expect(unpack({ at: AT, of: 1, rows }, () => undefined)).toEqual({ quotes: [], missed: true });
  });

  it('takes whole quotes as they are', () => {
    const quote = quoteOf({ seq: 2 });
    expect(unpack({ at: AT, of: 1, quotes: [quote] }, () => undefined)).toEqual({ quotes: [quote], missed: false });
  });
});
