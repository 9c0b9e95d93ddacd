import type { Kind, LotMethod } from './types';

/** What can be chosen, and what it is called. */

export const CURRENCIES = ['INR', 'USD', 'EUR', 'GBP', 'CHF', 'JPY', 'SGD', 'AUD', 'CAD', 'HKD', 'AED'];

export const METHODS: Record<LotMethod, string> = {
  fifo: 'the oldest units first (FIFO)',
  lifo: 'the newest units first (LIFO)',
  hifo: 'the dearest units first (HIFO)',
  averageCost: 'units at their average cost',
  specificId: 'the units that I name',
};

export const KIND_NAMES: Record<Kind | 'transferIn' | 'transferOut', string> = {
  buy: 'Buy', sell: 'Sell', dividend: 'Dividend', split: 'Split', bonusIssue: 'Bonus issue',
  returnOfCapital: 'Return of capital', fee: 'Fee', deposit: 'Deposit', withdrawal: 'Withdrawal',
  transferIn: 'Transfer in', transferOut: 'Transfer out',
};

/** What a kind of transaction is told by. */
export const isTrade = (kind: Kind): boolean => kind === 'buy' || kind === 'sell';
export const isRatio = (kind: Kind): boolean => kind === 'split' || kind === 'bonusIssue';
export const isMoneyAlone = (kind: Kind): boolean => kind === 'deposit' || kind === 'withdrawal';
export const hasSymbol = (kind: Kind): boolean => !isMoneyAlone(kind) && kind !== 'fee';
export const hasFees = (kind: Kind): boolean => isTrade(kind) || kind === 'dividend';

/** What belongs to no single account. */
export const SECTIONS = [
  { hash: '#/portfolio', label: 'Accounts' },
  { hash: '#/portfolio/performance', label: 'Performance' },
  { hash: '#/portfolio/tax-losses', label: 'Tax losses' },
  { hash: '#/portfolio/watchlists', label: 'Watchlists' },
  { hash: '#/portfolio/alerts', label: 'Alerts' },
  { hash: '#/portfolio/sharing', label: 'Sharing and export' },
] as const;
