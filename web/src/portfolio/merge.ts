import type { Holding, Overview, PortfolioUpdate } from './types';

/** A holding on the screen, with how its price moved last. */
export interface Row {
  holding: Holding;
  moved: -1 | 0 | 1;
  /** Changes with each move, so that the same move twice is seen twice. */
  beat: number;
}

/** The overview after a push: whatever the push does not name stays. */
export function mergeOverview(overview: Overview, { total, accounts }: PortfolioUpdate): Overview {
  const changed = new Map(accounts.map((one) => [one.account, one]));
  return {
    total,
    accounts: overview.accounts.map((summary) => {
      const found = changed.get(summary.account.id);
      if (!found) return summary;
      const { account: _, ...figures } = found;
      return { ...summary, ...figures };
    }),
  };
}

export const rowOf = (holding: Holding): Row => ({ holding, moved: 0, beat: 0 });

/** An account's rows after a push. What is not on the list is not put there: a reload brings what was bought. */
export function mergeRows(rows: readonly Row[], account: string, update: PortfolioUpdate): readonly Row[] {
  const changed = new Map(update.holdings.filter((one) => one.account === account).map(({ holding }) => [holding.symbol, holding]));
  if (changed.size === 0) return rows;
  return rows.map((row) => {
    const holding = changed.get(row.holding.symbol);
    if (!holding) return row;
    const moved = Math.sign((holding.price?.value ?? 0) - (row.holding.price?.value ?? 0)) as Row['moved'];
    return { holding, moved, beat: row.beat + 1 };
  });
}

export type SortKey = 'symbol' | 'value' | 'day' | 'unrealized' | 'realized';

const KEYS: Record<SortKey, (holding: Holding) => number | string | null> = {
  symbol: (holding) => holding.symbol,
  value: (holding) => holding.marketValue.account.amount,
  day: (holding) => holding.dayChange.account.amount,
  unrealized: (holding) => holding.unrealized.total.amount,
  realized: (holding) => holding.realized.total.amount,
};

/** In order; what is not known comes last, whichever way. */
export function sortRows(rows: readonly Row[], key: SortKey, descending: boolean): readonly Row[] {
  const of = KEYS[key];
  const way = descending ? -1 : 1;
  // What a row goes by is looked up once for it and not at each comparison: of 10,000 rows that is 27 times less.
  const keyed = rows.map((row) => ({ row, by: of(row.holding) }));
  keyed.sort(({ by: left }, { by: right }) => {
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return (left < right ? -1 : left > right ? 1 : 0) * way;
  });
  return keyed.map(({ row }) => row);
}

export interface Share {
  symbol: string;
  amount: number;
  percent: number;
}

const MOST_SHARES = 7;

/** Shares of the known market value, largest first; the small ones together. Short positions have no share. */
export function sharesOf(rows: readonly Row[]): Share[] {
  const largest: { symbol: string; amount: number }[] = [];
  let [whole, count] = [0, 0];
  for (const { holding } of rows) {
    const amount = holding.marketValue.account.amount ?? 0;
    if (amount <= 0) continue;
    whole += amount;
    count++;
    // One more than is shown: a single small one stands for itself.
    if (largest.length <= MOST_SHARES || amount > largest[MOST_SHARES]!.amount) {
      const at = largest.findIndex((one) => one.amount < amount);
      largest.splice(at < 0 ? largest.length : at, 0, { symbol: holding.symbol, amount });
      largest.length = Math.min(largest.length, MOST_SHARES + 1);
    }
  }
  if (count > MOST_SHARES + 1) {
    const shown = largest.slice(0, MOST_SHARES);
    const rest = whole - shown.reduce((sum, { amount }) => sum + amount, 0);
    largest.splice(MOST_SHARES, 1, { symbol: `${count - MOST_SHARES} others`, amount: rest });
  }
  return largest.map((one) => ({ ...one, percent: (one.amount / whole) * 100 }));
}
