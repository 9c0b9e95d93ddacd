import type { Holding } from './types';

/** A holding on the screen, with how its price moved last. */
export interface Row {
  holding: Holding;
  moved: -1 | 0 | 1;
  /** When it did (client clock). */
  movedAt: number;
  /** Changes with each move, so that the same move twice is seen twice. */
  beat: number;
}

export const rowOf = (holding: Holding): Row => ({ holding, moved: 0, movedAt: 0, beat: 0 });

/** A row after a push. */
export function moveRow(row: Row, holding: Holding, now: number): Row {
  const moved = Math.sign((holding.price?.value ?? 0) - (row.holding.price?.value ?? 0)) as Row['moved'];
  return { holding, moved, movedAt: now, beat: row.beat + 1 };
}

export interface Share {
  symbol: string;
  amount: number;
  percent: number;
}

const MOST_SHARES = 7;

/** Shares of the known market value, largest first; the small ones together. Short positions have no share. */
export function sharesOf(rows: Iterable<Row>): Share[] {
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
