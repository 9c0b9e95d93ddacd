import type { Holding } from './types';

export type SortKey = 'symbol' | 'value' | 'day' | 'unrealized' | 'realized';

export interface Sort {
  key: SortKey;
  descending: boolean;
}

export type Compare = (left: Holding, right: Holding) => number;

const KEYS: Record<SortKey, (holding: Holding) => number | string | null> = {
  symbol: (holding) => holding.symbol,
  value: (holding) => holding.marketValue.account.amount,
  day: (holding) => holding.dayChange.account.amount,
  unrealized: (holding) => holding.unrealized.total.amount,
  realized: (holding) => holding.realized.total.amount,
};

/** What is not known comes last, whichever way. What is alike stands by name, so that there is one order only. */
export function compareBy({ key, descending }: Sort): Compare {
  const of = KEYS[key];
  const way = descending ? -1 : 1;
  return (left, right) => {
    const a = of(left);
    const b = of(right);
    if (a === b) return left.symbol < right.symbol ? -1 : left.symbol > right.symbol ? 1 : 0;
    if (a === null) return 1;
    if (b === null) return -1;
    return a < b ? -way : way;
  };
}

/**
 * Puts symbols in order again of which the `changed` may be out of place: those are put in order among themselves and
 * merged into the others. With 100 of 10,000 that is a tenth of the comparisons of a sort.
 */
export function reorder(
  order: readonly string[], changed: ReadonlySet<string>, compare: (left: string, right: string) => number,
): string[] {
  const moved = [...changed].sort(compare);
  const result: string[] = [];
  let next = 0;
  for (const symbol of order) {
    if (changed.has(symbol)) continue;
    while (next < moved.length && compare(moved[next]!, symbol) < 0) result.push(moved[next++]!);
    result.push(symbol);
  }
  return result.concat(moved.slice(next));
}
