import { describe, expect, it } from 'vitest';
import { compareBy, reorder, type SortKey } from './order';
import type { Holding } from './types';

function holdingOf(symbol: string, value: number | null): Holding {
  const figure = { amount: value, unavailable: null };
  return {
    symbol, marketValue: { local: figure, account: figure }, dayChange: { local: figure, account: figure },
    unrealized: { total: figure, price: figure, fx: figure }, realized: { total: figure, price: figure, fx: figure },
  } as Holding;
}

/** A generator of its own: the same numbers in every run (Mulberry32, public domain, Tommy Ettinger). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe('compareBy', () => {
  const sorted = (key: SortKey, descending: boolean, ...holdings: Holding[]): string =>
    holdings.sort(compareBy({ key, descending })).map((holding) => holding.symbol).join('');

  it('puts what is not known last, whichever way', () => {
    const [a, b, c] = [holdingOf('A', null), holdingOf('B', 1), holdingOf('C', 2)];
    expect([sorted('value', true, a, b, c), sorted('value', false, a, b, c)]).toEqual(['CBA', 'BCA']);
  });

  it('puts what is alike by name, whichever way', () => {
    const [a, b, c] = [holdingOf('A', 1), holdingOf('B', 1), holdingOf('C', null)];
    expect([sorted('day', true, c, b, a), sorted('day', false, c, b, a)]).toEqual(['ABC', 'ABC']);
    expect([sorted('symbol', true, a, c, b), sorted('symbol', false, c, a, b)]).toEqual(['CBA', 'ABC']);
  });
});

describe('reorder', () => {
  it('equals a sort of everything, whatever has changed', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomOf(seed);
      // Few values: most of them more than once, and some not known.
      const holdingAt = (symbol: string): Holding => holdingOf(symbol, random(6) === 0 ? null : random(20) - 8);
      const held = new Map(Array.from({ length: random(40) }, (_, index) => [`S${index}`, holdingAt(`S${index}`)]));
      const of = compareBy({ key: seed % 5 === 0 ? 'symbol' : 'value', descending: random(2) === 0 });
      const compare = (left: string, right: string): number => of(held.get(left)!, held.get(right)!);
      const before = [...held.keys()].sort(compare);
      const changed = new Set(before.filter(() => random(3) === 0));
      for (const symbol of changed) held.set(symbol, holdingAt(symbol));
      expect(reorder(before, changed, compare), `seed ${seed}`).toEqual([...held.keys()].sort(compare));
    }
  });

  it('does not change the list that it is given', () => {
    const before = ['A', 'B', 'C'];
    expect(reorder(before, new Set(['A']), (left, right) => (left < right ? 1 : -1))).toEqual(['B', 'C', 'A']);
    expect(before).toEqual(['A', 'B', 'C']);
  });
});
