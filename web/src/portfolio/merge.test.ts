import { describe, expect, it } from 'vitest';
import { moveRow, rowOf, sharesOf } from './merge';
import type { Holding, MoneyFigure } from './types';

const known = (amount: number): MoneyFigure => ({ amount, unavailable: null });
const unknown: MoneyFigure = { amount: null, unavailable: { reason: 'missingPrice', detail: '' } };

function holdingOf(symbol: string, value: number | null, price = 1): Holding {
  const worth = value === null ? unknown : known(value);
  return {
    symbol, price: { value: price }, marketValue: { local: worth, account: worth },
  } as Holding;
}

describe('moveRow', () => {
  const row = rowOf(holdingOf('B', 20, 5));

  it('says which way it moved, and when', () => {
    const after = moveRow(row, holdingOf('B', 18, 4), 77);
    expect(after).toMatchObject({ moved: -1, movedAt: 77, beat: 1 });
    expect(after.holding.marketValue.account.amount).toBe(18);
    expect(moveRow(after, holdingOf('B', 18, 4), 78)).toMatchObject({ moved: 0, beat: 2 });
  });
});

describe('sharesOf', () => {
  it('sums to the whole, with the small ones together', () => {
    const rows = Array.from({ length: 12 }, (_, index) => rowOf(holdingOf(`S${index}`, 10)));
    const shares = sharesOf([...rows, rowOf(holdingOf('X', null)), rowOf(holdingOf('SHORT', -50))]);
    expect(shares.at(-1)).toMatchObject({ symbol: '5 others', amount: 50 });
    expect(shares.reduce((sum, share) => sum + share.percent, 0)).toBeCloseTo(100);
  });

  it.each([1, 7, 8, 9, 40])('shows the largest of %i, and a single small one by its name', (count) => {
    const rows = Array.from({ length: count }, (_, index) => rowOf(holdingOf(`S${index}`, ((index * 7) % count) + 1)));
    const shares = sharesOf(rows);
    const values = rows.map(({ holding }) => holding.marketValue.account.amount!).sort((a, b) => b - a);
    const shown = count > 8 ? 7 : count;
    expect(shares.slice(0, shown).map((share) => share.amount)).toEqual(values.slice(0, shown));
    expect(shares.length).toBe(count > 8 ? 8 : count);
    expect(shares.reduce((sum, share) => sum + share.amount, 0)).toBe(values.reduce((sum, value) => sum + value, 0));
  });
});
