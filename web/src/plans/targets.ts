import type { Holding } from '../portfolio/types';
import type { Nightly, Targets } from './rebalance';
import { partsOf, shareInput } from './shares';

export const MOST_TARGETS = 500;

/** A symbol in the editor. What has no share typed has no target: all of it would be sold. */
export interface TargetRow {
  symbol: string;
  /** Of the account's cash and holdings with a price; null where nothing is held, or it has none. */
  now: number | null;
  held: boolean;
  /** Per cent, as typed. */
  share: string;
}

/** The rules as they are typed: shares in per cent, money in units of its currency. */
export interface TypedRules {
  band: string;
  minimumTrade: string;
  step: string;
  cashKept: string;
  feeRate: string;
  isTaxAware: boolean;
  shortTermTax: string;
  longTermTax: string;
  nightly: Nightly;
}

export const DEFAULTS: TypedRules = {
  band: '5', minimumTrade: '0.00', step: '1', cashKept: '0.00', feeRate: '0', isTaxAware: true, shortTermTax: '20',
  longTermTax: '12.5', nightly: 'onRequest',
};

/**
 * All that is held and all that is wanted, the largest first; without targets yet, what is held stays as it is. What is owed
 * of short sales is no part of a plan.
 */
export function rowsOf(all: readonly Holding[], cash: number, targets: Targets | null): TargetRow[] {
  const held = all.filter((one) => !(one.quantity < 0));
  const parts = partsOf([...held.map((one) => one.marketValue.account.amount ?? 0), cash]);
  const wanted = targets?.rules.targets ?? {};
  const rows = held.map(({ symbol, marketValue }, index) => {
    const now = marketValue.account.amount === null ? null : (parts[index] ?? 0);
    const share = targets ? wanted[symbol] : (now ?? undefined);
    return { symbol, now, held: true, share: share === undefined ? '' : shareInput(share) };
  });
  const known = new Set(held.map((one) => one.symbol));
  const others = Object.entries(wanted).filter(([symbol]) => !known.has(symbol))
    .map(([symbol, share]) => ({ symbol, now: null, held: false, share: shareInput(share) }));
  return [...rows, ...others].sort((a, b) => Number(b.share) - Number(a.share) || (b.now ?? 0) - (a.now ?? 0));
}
