import { describe, expect, it } from 'vitest';
import type { Quote } from '../api/types';
import { quoteOf } from '../testing';
import { breadthOf, changeOf, changePercentOf, firstDirection, orderSymbols, type SortKey } from './order';

const quotes = new Map<string, Quote>([
  ['ITC', quoteOf({ symbol: 'ITC', price: 200, previousClose: 190, volume: 5, asOf: '2026-11-20T04:00:09Z' })],
  ['TCS', quoteOf({ symbol: 'TCS', price: 3000, previousClose: 3001, volume: 50, asOf: '2026-11-20T04:00:05Z' })],
  ['INFY', quoteOf({ symbol: 'INFY', price: 1400, previousClose: null, volume: 9, asOf: '2026-11-20T04:00:01Z' })],
]);
const symbols = ['TCS', 'NEW', 'ITC', 'INFY'];
const order = (key: SortKey, descending: boolean, query = ''): string[] =>
  orderSymbols(symbols, (symbol) => quotes.get(symbol), { key, descending }, query);

describe('orderSymbols', () => {
  it('orders names both ways', () => {
    expect(order('symbol', false)).toEqual(['INFY', 'ITC', 'NEW', 'TCS']);
    expect(order('symbol', true)).toEqual(['TCS', 'NEW', 'ITC', 'INFY']);
  });

  it('orders figures, symbols without one last in both directions', () => {
    expect(order('price', true)).toEqual(['TCS', 'INFY', 'ITC', 'NEW']);
    expect(order('price', false)).toEqual(['ITC', 'INFY', 'TCS', 'NEW']);
    expect(order('changePercent', true)).toEqual(['ITC', 'TCS', 'INFY', 'NEW']);
    expect(order('change', false)).toEqual(['TCS', 'ITC', 'INFY', 'NEW']);
    expect(order('volume', true)).toEqual(['TCS', 'INFY', 'ITC', 'NEW']);
  });

  it('shows the freshest first where age goes up', () => {
    expect(order('age', firstDirection('age'))).toEqual(['ITC', 'TCS', 'INFY', 'NEW']);
  });

  it('finds parts of a symbol in any case', () => {
    expect(order('symbol', false, ' tc ')).toEqual(['ITC', 'TCS']);
  });
});

describe('change', () => {
  it('is measured against the previous close and unknown without one', () => {
    expect(changeOf(quotes.get('ITC')!)).toBe(10);
    expect(changePercentOf(quotes.get('ITC')!)).toBeCloseTo(5.263157, 5);
    expect(changeOf(quotes.get('INFY')!)).toBeNull();
  });

  it('adds up to the breadth of the market', () => {
    const flat = quoteOf({ price: 5, previousClose: 5 });
    expect(breadthOf([...quotes.values(), flat])).toEqual({ up: 1, down: 1, flat: 1 });
  });
});
