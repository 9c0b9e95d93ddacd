import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accountOf, isLater, isOutdated, isSame, mergeHolding, mergeOverview, type PortfolioUpdate } from './push';
import type { Holding, Overview } from './types';

/** A portfolio as it is read at one time after the other, and what is pushed in between: the server's own words. */
interface Step {
  push: PortfolioUpdate | null;
  overview: Overview;
  holdings: Record<string, Holding[]>;
}

const steps = JSON.parse(readFileSync(new URL('records/pushed.json', import.meta.url), 'utf8')) as Step[];
const [first, ...later] = steps as [Step, ...Step[]];

/** Instants that are written in different ways are the same. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_, one: unknown) =>
  typeof one === 'string' && /^\d{4}-\d\d-\d\dT/.test(one) ? Date.parse(one) : one));

function merge(held: Record<string, Holding[]>, push: PortfolioUpdate): Record<string, Holding[]> {
  return Object.fromEntries(Object.entries(held).map(([account, holdings]) => [account, holdings.map((holding) => {
    const row = push.rows.find((one) => one[1] === holding.symbol && accountOf(push, one) === account);
    return row ? mergeHolding(holding, row, push) : holding;
  })]));
}

describe('a push', () => {
  it('merged over what was read is what a fresh read says, one after the other', () => {
    let { overview, holdings } = first;
    for (const { push, overview: fresh, holdings: freshly } of later) {
      overview = mergeOverview(overview, push!);
      holdings = merge(holdings, push!);
      expect(plain(overview)).toEqual(plain(fresh));
      expect(plain(holdings)).toEqual(plain(freshly));
    }
  });

  it('needs none of those before it for what it tells of', () => {
    const { push, overview: fresh, holdings: freshly } = steps.at(-1)!;
    expect(plain(mergeOverview(first.overview, push!).total)).toEqual(plain(fresh.total));
    const held = merge(first.holdings, push!);
    for (const row of push!.rows) {
      const of = (all: Record<string, Holding[]>) => all[accountOf(push!, row)!]!.find((one) => one.symbol === row[1]);
      expect(plain(of(held))).toEqual(plain(of(freshly)));
    }
  });

  it('keeps what is unavailable so, and says why in the server’s words', () => {
    const all = steps.flatMap(({ push, holdings }) => (push ? Object.values(holdings).flat() : []));
    const reasons = new Set(all.map((one) => one.marketValue.account.unavailable?.reason ?? ''));
    expect([...reasons].sort()).toEqual(['', 'missingPrice', 'missingRate']);
    expect(all.some((one) => one.dayChange.account.unavailable?.reason === 'missingPreviousClose')).toBe(true);
    expect(all.some((one) => one.stale)).toBe(true);
    expect(all.some((one) => one.unrealized.fx.amount)).toBe(true);
  });
});

describe('records', () => {
  it('are others than those that were read when a push says so', () => {
    const { push, overview } = later[0]!;
    const older = { ...overview, accounts: overview.accounts.map((one) => ({ ...one, records: one.records - 1 })) };
    expect([isOutdated(overview, push!), isOutdated(older, push!)]).toEqual([false, true]);
    expect([isSame(overview, first.overview), isSame(overview, older)]).toEqual([true, false]);
  });
});

describe('isLater', () => {
  it('is false for what was pushed before the read', () => {
    const { push, holdings } = later[0]!;
    const row = push!.rows[0]!;
    const of = (all: Record<string, Holding[]>): Holding => all[accountOf(push!, row)!]!.find((one) => one.symbol === row[1])!;
    expect([isLater(of(first.holdings), row, push!), isLater(of(holdings), row, push!)]).toEqual([true, false]);
  });
});
