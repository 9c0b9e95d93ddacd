/** JSON shapes of /api/v1/portfolios. Money is in minor units; quantities, prices and rates are decimal numbers. */

export type UnavailableReason = string;

export interface Unavailable {
  reason: UnavailableReason;
  /** In the server's words. */
  detail: string;
}

/** An amount, or why it cannot be known: exactly one of the two, and never 0 for what is not known. */
export interface MoneyFigure {
  amount: number | null;
  unavailable: Unavailable | null;
}

/** In the holding's own currency and in its account's. */
export interface FigurePair {
  local: MoneyFigure;
  account: MoneyFigure;
}

/** A gain, and what of it prices and exchange rates made. */
export interface GainView {
  total: MoneyFigure;
  price: MoneyFigure;
  fx: MoneyFigure;
}

export const LOT_METHODS = ['fifo', 'lifo', 'hifo', 'averageCost', 'specificId'] as const;
export type LotMethod = (typeof LOT_METHODS)[number];

export interface Account {
  id: string;
  name: string;
  currency: string;
  lotMethod: LotMethod;
  tracksCash: boolean;
  shortSelling: boolean;
  openedAt: string;
}

export interface AccountSummary {
  account: Account;
  holdings: number;
  cost: number;
  marketValue: MoneyFigure;
  dayChange: MoneyFigure;
  unrealized: GainView;
  realized: GainView;
  income: number;
  charges: number;
  cash: { currency: string; amount: number; inAccount: MoneyFigure }[];
  cashValue: MoneyFigure;
  value: MoneyFigure;
  /** The part whose prices are known, where not all are. */
  priced: { holdings: number; cost: number; marketValue: number; unpriced: string[] };
  stale: boolean;
  asOf: string | null;
  /** How many records it is of: with another number its holdings may be others. */
  records: number;
}

export interface Total {
  currency: string;
  value: MoneyFigure;
  marketValue: MoneyFigure;
  cost: MoneyFigure;
  dayChange: MoneyFigure;
  unrealized: MoneyFigure;
  realized: MoneyFigure;
  income: MoneyFigure;
  stale: boolean;
  asOf: string | null;
  /** Of the part that can be valued; minor units. What cannot be is named, with the reason. */
  known?: {
    accounts: number;
    value: number;
    marketValue: number;
    cost: number;
    unknown: { account: string; why: Unavailable; unpriced: string[] }[];
  };
}

export interface Overview {
  accounts: AccountSummary[];
  total: Total;
}

export interface PricedAt {
  value: number;
  currency: string;
  previousClose: number | null;
  asOf: string;
  eventTime: string;
  stale: boolean;
  session: string;
  source: string;
}

export interface LiveRate {
  from: string;
  to: string;
  rate: number;
  asOf: string;
  stale: boolean;
  source: string;
}

export interface Holding {
  symbol: string;
  exchange: string | null;
  currency: string;
  accountCurrency: string;
  quantity: number;
  averageCost: number | null;
  lots: number;
  price: PricedAt | null;
  fx: LiveRate | null;
  stale: boolean;
  cost: FigurePair;
  marketValue: FigurePair;
  dayChange: FigurePair;
  unrealized: GainView;
  realized: GainView;
  income: number;
  charges: number;
}

export interface OpenLot {
  id: string;
  acquiredAt: string;
  quantity: number;
  cost: FigurePair;
  marketValue: FigurePair;
  unrealized: GainView;
}

export interface ClosedLot {
  lot: string;
  transaction: string;
  acquiredAt: string;
  closedAt: string;
  quantity: number;
  cost: FigurePair;
  proceeds: FigurePair;
  realized: GainView;
}

export interface HoldingDetail {
  holding: Holding;
  openLots: OpenLot[];
  closedLots: ClosedLot[];
}

export interface LiveWatch {
  expiresAt: string;
  overview: Overview;
}

export const KINDS = [
  'buy', 'sell', 'dividend', 'split', 'bonusIssue', 'returnOfCapital', 'fee', 'deposit', 'withdrawal',
] as const;
export type Kind = (typeof KINDS)[number];

export interface TransactionRequest {
  kind: Kind;
  currency: string;
  tradedAt: string;
  clientId?: string | null;
  symbol?: string | null;
  quantity?: number;
  price?: number;
  amount?: number | null;
  fees?: number;
  ratio?: number | null;
  picks?: { lotId: string; quantity: number }[] | null;
  note?: string | null;
}

export interface Transaction {
  id: string;
  sequence: number;
  kind: Kind | 'transferIn' | 'transferOut';
  status: 'pending' | 'processing' | 'completed';
  currency: string;
  tradedAt: string;
  recordedAt: string;
  symbol: string | null;
  quantity: number;
  price: number;
  amount: number;
  fees: number;
  ratio: number | null;
  fxRate: number;
  fxDate: string | null;
  reverses: string | null;
  reversedBy: string | null;
  import: string | null;
  importRow: number | null;
  refusal: string | null;
  note: string | null;
}

/** Which column of a file has what. */
export type ColumnMapping = Partial<Record<(typeof COLUMNS)[number], string | null>>;
export const COLUMNS = [
  'date', 'symbol', 'kind', 'quantity', 'price', 'amount', 'fees', 'currency', 'exchange', 'id', 'note',
] as const;

export interface ImportPreset {
  name: string;
  title: string;
  columns: ColumnMapping | null;
}

export type Duplicates = 'skip' | 'keep' | 'refuse';

export interface ImportFile {
  content: string;
  preset?: string | null;
  mapping?: (ColumnMapping & { dateFormat?: string | null }) | null;
  currency?: string | null;
  duplicates: Duplicates;
  name?: string | null;
}

export interface ImportRow {
  row: number;
  state: 'ready' | 'duplicate' | 'error';
  code: string | null;
  detail: string | null;
  transaction: TransactionRequest | null;
}

export interface ImportPreview {
  preset: string;
  ready: number;
  duplicates: number;
  errors: number;
  rows: ImportRow[];
}

export interface Import {
  id: string;
  state: 'staging' | 'completed' | 'abandoned' | 'undone';
  name: string | null;
  preset: string;
  transactions: number;
  duplicates: number;
  at: string;
}

/** A figure (0.05 is 5 %), or why there is none. */
export interface Statistic {
  value: number | null;
  unavailable: Unavailable | null;
}

interface Flow {
  date: string;
  in: number;
  out: number;
}

export interface PerformancePoint {
  date: string;
  value: number | null;
  /** What one unit of money at the beginning had become, blind to flows. */
  growth: number;
  benchmark: number | null;
}

/** What was earned in a window: `endValue = beginValue + in − out + gain`. */
export interface Performance {
  account: string | null;
  /** Of one holding, or of one of its lots, where that was asked for. */
  symbol?: string | null;
  lot?: string | null;
  currency: string;
  from: string;
  to: string;
  through: string;
  pending: boolean;
  live: boolean;
  beginValue: MoneyFigure;
  endValue: MoneyFigure;
  in: number;
  out: number;
  gain: MoneyFigure;
  fxGain: MoneyFigure;
  timeWeighted: Statistic;
  timeWeightedYearly: Statistic;
  moneyWeighted: Statistic;
  moneyWeightedYearly: Statistic;
  volatility: Statistic;
  sharpe: Statistic;
  sortino: Statistic;
  beta: Statistic;
  alpha: Statistic;
  dayReturn: Statistic;
  yearToDate: Statistic;
  drawdown: { deepest: number; from: string; to: string; recoveredOn: string | null; current: number } | null;
  /** Why there is no drawdown. */
  drawdownUnavailable?: Unavailable | null;
  benchmark: { symbol: string; return: Statistic } | null;
  unavailable: { date: string; missing: string[] }[];
  series: PerformancePoint[];
  explanation: {
    flows: Flow[];
    subPeriods: { from: string; to: string; begin: number; end: number; return: number | null }[];
    moneyWeightedFlows: Flow[];
    fx: { date: string; amount: number }[];
  } | null;
}
