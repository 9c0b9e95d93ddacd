import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HoldingList } from './holdingList.svelte';
import type { PortfolioUpdate } from './push';
import type { Holding } from './types';

function holdingOf(symbol: string, value: number): Holding {
  const worth = { amount: value, unavailable: null };
  return { symbol, price: { value }, marketValue: { local: worth, account: worth } } as Holding;
}

/** What a push says of a holding at a price of its value. */
const update = (symbol: string, value: number, account = 0): PortfolioUpdate => ({
  at: 0, accounts: [['mine'], ['other']], quotes: [['INR', 'test', 'open', false]],
  rows: [[account, symbol, 0, value, null, 0, 0, value, 0, 0]],
}) as unknown as PortfolioUpdate;

describe('HoldingList', () => {
  let list: HoldingList;
  const seen = (): string => list.order.join('');
  const valueOf = (index: number): number | null | undefined => list.row(index)?.holding.marketValue.account.amount;

  beforeEach(() => {
    vi.useFakeTimers();
    list = new HoldingList();
    list.fill([holdingOf('A', 1), holdingOf('B', 2), holdingOf('C', 3)]);
  });
  afterEach(() => vi.useRealTimers());

  it('shows a push at once where it stands, and puts it in order soon', () => {
    list.take('mine', update('A', 9), 7);
    expect([seen(), valueOf(2)]).toEqual(['CBA', 9]);
    expect(list.row(2)).toMatchObject({ moved: 1, movedAt: 7 });
    vi.runAllTimers();
    expect(seen()).toBe('ACB');
  });

  it('keeps every row where it is while it moves, and puts all in order at rest', () => {
    list.moving = true;
    list.take('mine', update('A', 9), 1);
    vi.runAllTimers();
    list.take('mine', update('B', 12), 2);
    vi.runAllTimers();
    expect([seen(), valueOf(1), valueOf(2)]).toEqual(['CBA', 12, 9]);
    list.moving = false;
    expect(seen()).toBe('BAC');
  });

  it('is the same list where nothing of it changed', () => {
    const before = list.order;
    list.take('mine', update('A', 9, 1), 1);
    list.take('mine', update('NEVERHELD', 9), 1);
    vi.runAllTimers();
    expect(list.order).toBe(before);
    expect(valueOf(2)).toBe(1);
  });

  it('is put in order at once when somebody asks for another, also while it moves', () => {
    list.moving = true;
    list.take('mine', update('A', 9), 1);
    list.sortBy('value');
    expect(seen()).toBe('BCA');
    list.sortBy('symbol');
    expect(seen()).toBe('ABC');
  });
});
