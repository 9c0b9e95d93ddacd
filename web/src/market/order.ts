import type { Quote } from '../api/types';

export type SortKey = 'symbol' | 'price' | 'change' | 'changePercent' | 'volume' | 'age';

export interface Sort {
  key: SortKey;
  descending: boolean;
}

/** What a first click on a column shows first: names from A, figures from the largest, ages from the freshest. */
export function firstDirection(key: SortKey): boolean {
  return key !== 'symbol' && key !== 'age';
}

/** Price minus previous close; null while there is no previous close. */
export function changeOf(quote: Quote): number | null {
  return quote.previousClose ? quote.price - quote.previousClose : null;
}

/** Change in per cent of the previous close; null while there is none. */
export function changePercentOf(quote: Quote): number | null {
  return quote.previousClose ? ((quote.price - quote.previousClose) / quote.previousClose) * 100 : null;
}

/** The listed symbols that match `query` in `sort` order. Symbols without a value in the column come last. */
export function orderSymbols(
  symbols: readonly string[], quoteOf: (symbol: string) => Quote | undefined, sort: Sort, query: string,
): string[] {
  const wanted = query.trim().toUpperCase();
  const matching = wanted === '' ? [...symbols]
    : symbols.filter((symbol) => symbol.toUpperCase().includes(wanted));
  if (sort.key === 'symbol') {
    matching.sort(byName);
    return sort.descending ? matching.reverse() : matching;
  }
  const key = sort.key;
  const values = new Map(matching.map((symbol) => [symbol, valueOf(quoteOf(symbol), key)]));
  const sign = sort.descending ? -1 : 1;
  return matching.sort((a, b) => {
    const left = values.get(a) ?? null;
    const right = values.get(b) ?? null;
    if (left === right) return byName(a, b);
    if (left === null) return 1;
    if (right === null) return -1;
    return (left - right) * sign;
  });
}

// Code-point order: what an exchange's own lists use, and many times faster than a collator on 10,000 names.
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function valueOf(quote: Quote | undefined, key: Exclude<SortKey, 'symbol'>): number | null {
  if (!quote) return null;
  switch (key) {
    case 'price': return quote.price;
    case 'change': return changeOf(quote);
    case 'changePercent': return changePercentOf(quote);
    case 'volume': return quote.volume;
    case 'age': return -Date.parse(quote.asOf);
  }
}

export interface Breadth {
  up: number;
  down: number;
  flat: number;
}

/** How many symbols stand above, below and at their previous close. */
export function breadthOf(quotes: Iterable<Quote>): Breadth {
  const breadth: Breadth = { up: 0, down: 0, flat: 0 };
  for (const quote of quotes) {
    const change = changeOf(quote);
    if (change === null) continue;
    if (change > 0) breadth.up++;
    else if (change < 0) breadth.down++;
    else breadth.flat++;
  }
  return breadth;
}
