import type { AccountSummary, Holding, MoneyFigure, Overview, Total } from './types';

/**
 * What a second's ticks have changed, as the server sends it: rows of what a price or a rate can change. Whatever else is
 * known of an account or a holding stands as it was read.
 */
export interface PortfolioUpdate {
  /** When it was worked out, milliseconds; ages are milliseconds before it. */
  at: number;
  total: TotalRow;
  /** Where a part of the total is not known. */
  known?: NonNullable<Total['known']>;
  /** Those of which something changed. */
  accounts: AccountRow[];
  quotes: [currency: string, source: string, session: string, stale: boolean][];
  rates?: [from: string, to: string, rate: number, age: number, stale: boolean, source: string][];
  /** Holdings whose price changed. */
  rows: HoldingRow[];
  /** In words, why figures are unavailable, by reason. */
  why?: Record<string, string>;
}

/** Minor units, or the reason why they are unavailable. */
export type PushedFigure = number | string;

export type TotalRow = [
  currency: string, value: PushedFigure, marketValue: PushedFigure, cost: PushedFigure, dayChange: PushedFigure,
  unrealized: PushedFigure, realized: PushedFigure, income: PushedFigure, stale: boolean, age: number | null,
];

/** What is priced is told where not all is, cash (its value, then by currency) where some is of another currency. */
export type AccountRow = [
  account: string, records: number, value: PushedFigure, marketValue: PushedFigure, dayChange: PushedFigure,
  unrealized: PushedFigure, unrealizedFx: PushedFigure, stale: boolean, age: number | null,
  priced?: AccountSummary['priced'] | null, cash?: PushedFigure[],
];

/** `account`, `quote` and `rate` are places in the update's lists. The last four are there where exchange rates play a part. */
export type HoldingRow = [
  account: number, symbol: string, quote: number, price: number, previousClose: number | null, age: number, eventAge: number,
  marketValue: PushedFigure, dayChange: PushedFigure, unrealized: PushedFigure,
  unrealizedFx?: PushedFigure, localMarketValue?: PushedFigure, localDayChange?: PushedFigure, rate?: number | null,
];

/** The account of a row. */
export const accountOf = (update: PortfolioUpdate, row: HoldingRow): string | undefined => update.accounts[row[0]]?.[0];

/** Whether an account has changed by more than its prices since it was read. */
export function isOutdated(overview: Overview, { accounts }: PortfolioUpdate): boolean {
  const read = new Map(overview.accounts.map((one) => [one.account.id, one.records]));
  return accounts.some(([id, records]) => read.get(id) !== records);
}

/** Whether two reads are of the same records. */
export const isSame = (one: Overview, other: Overview): boolean => recordsOf(one) === recordsOf(other);

const recordsOf = ({ accounts }: Overview): string => accounts.map((one) => `${one.account.id} ${one.records}`).join();

/** Whether a row is of a later price than what was read. */
export const isLater = (holding: Holding, row: HoldingRow, { at }: PortfolioUpdate): boolean =>
  holding.price === null || at - row[5] > Date.parse(holding.price.asOf);

/** The overview after a push: whatever the push does not name stays. */
export function mergeOverview(overview: Overview, update: PortfolioUpdate): Overview {
  const changed = new Map(update.accounts.map((row) => [row[0], row]));
  return {
    total: totalOf(update, overview.accounts.length),
    accounts: overview.accounts.map((summary) => {
      const row = changed.get(summary.account.id);
      return row ? mergeAccount(summary, row, update) : summary;
    }),
  };
}

/** A holding at its new price. */
export function mergeHolding(holding: Holding, row: HoldingRow, update: PortfolioUpdate): Holding {
  const [, , quote, value, previousClose, age, eventAge, worth, day, gain, fx, localWorth, localDay, at] = row;
  const [currency, source, session, stale] = update.quotes[quote]!;
  const figure = figuresOf(update);
  const rate = at === undefined || at === null ? undefined : update.rates?.[at];
  return {
    ...holding,
    price: {
      value, currency, previousClose, asOf: instant(update, age), eventTime: instant(update, eventAge), stale, session, source,
    },
    fx: rate
      ? { from: rate[0], to: rate[1], rate: rate[2], asOf: instant(update, rate[3]), stale: rate[4], source: rate[5] }
      : null,
    stale: stale || (rate?.[4] ?? false),
    marketValue: { local: figure(localWorth ?? worth), account: figure(worth) },
    dayChange: { local: figure(localDay ?? day), account: figure(day) },
    unrealized: gainOf(figure(gain), fx === undefined ? null : figure(fx)),
  };
}

function mergeAccount(summary: AccountSummary, row: AccountRow, update: PortfolioUpdate): AccountSummary {
  const [, , value, marketValue, dayChange, unrealized, fx, stale, age, priced, cash] = row;
  const figure = figuresOf(update);
  const whole = {
    holdings: summary.holdings, cost: summary.cost, marketValue: typeof marketValue === 'number' ? marketValue : 0, unpriced: [],
  };
  return {
    ...summary,
    value: figure(value), marketValue: figure(marketValue), dayChange: figure(dayChange),
    unrealized: gainOf(figure(unrealized), figure(fx)),
    stale, asOf: age === null ? null : instant(update, age),
    priced: priced ?? whole,
    cashValue: cash ? figure(cash[0]!) : summary.cashValue,
    cash: cash?.length === summary.cash.length + 1
      ? summary.cash.map((one, index) => ({ ...one, inAccount: figure(cash[index + 1]!) })) : summary.cash,
  };
}

function totalOf(update: PortfolioUpdate, accounts: number): Total {
  const [currency, value, marketValue, cost, dayChange, unrealized, realized, income, stale, age] = update.total;
  const figure = figuresOf(update);
  const amount = (of: PushedFigure): number => (typeof of === 'number' ? of : 0);
  return {
    currency, value: figure(value), marketValue: figure(marketValue), cost: figure(cost), dayChange: figure(dayChange),
    unrealized: figure(unrealized), realized: figure(realized), income: figure(income),
    stale, asOf: age === null ? null : instant(update, age),
    known: update.known ?? {
      accounts, value: amount(value), marketValue: amount(marketValue), cost: amount(cost), unknown: [],
    },
  };
}

/** What prices made is what exchange rates did not; without a word of those they made nothing. */
function gainOf(total: MoneyFigure, fx: MoneyFigure | null): Holding['unrealized'] {
  if (fx === null) return { total, price: total, fx: total.amount === null ? total : { amount: 0, unavailable: null } };
  if (total.amount === null || fx.amount === null) return { total, price: fx, fx };
  return { total, price: { amount: total.amount - fx.amount, unavailable: null }, fx };
}

function figuresOf({ why }: PortfolioUpdate): (figure: PushedFigure) => MoneyFigure {
  return (figure) => (typeof figure === 'number'
    ? { amount: figure, unavailable: null }
    : { amount: null, unavailable: { reason: figure, detail: why?.[figure] ?? figure } });
}

const instant = ({ at }: PortfolioUpdate, age: number): string => new Date(at - age).toISOString();
