import { describe, expect, it } from 'vitest';
import { quoteOf } from '../testing';
import { QuoteBook } from './book';

describe('QuoteBook', () => {
  it('takes a newer quote and finds no gap where prev is what it holds', () => {
    const book = new QuoteBook();
    book.hydrate([quoteOf({ seq: 4, price: 10 })], 0);
    expect(book.apply([quoteOf({ seq: 7, prev: 4, price: 11 })], 5)).toEqual([]);
    expect(book.get('TCS')).toMatchObject({ quote: { seq: 7, price: 11 }, direction: 1, movedAt: 5, moves: 1 });
  });

  it('names a gap and still takes the quote, which is whole', () => {
    const book = new QuoteBook();
    book.hydrate([quoteOf({ seq: 4 })], 0);
    expect(book.apply([quoteOf({ seq: 9, prev: 7, price: 8 })], 0)).toEqual([{ symbol: 'TCS', after: 4, upTo: 9 }]);
    expect(book.get('TCS')?.quote.price).toBe(8);
  });

  it('drops a quote that is older than what it holds', () => {
    const book = new QuoteBook();
    book.hydrate([quoteOf({ seq: 4, price: 10 })], 0);
    expect(book.apply([quoteOf({ seq: 3, prev: 2, price: 99 })], 0)).toEqual([]);
    expect(book.get('TCS')?.quote.price).toBe(10);
  });

  it('sees no gap in the first quote of a symbol', () => {
    expect(new QuoteBook().apply([quoteOf({ seq: 50, prev: 49 })], 0)).toEqual([]);
  });

  it('believes a snapshot even where its seq is lower: the server may have started again', () => {
    const book = new QuoteBook();
    book.hydrate([quoteOf({ seq: 400, price: 10 })], 0);
    book.hydrate([quoteOf({ seq: 2, price: 9 })], 1);
    expect(book.get('TCS')).toMatchObject({ quote: { seq: 2 }, direction: -1 });
  });

  it('keeps direction and flash of a quote whose price stood still', () => {
    const book = new QuoteBook();
    book.hydrate([quoteOf({ seq: 1, price: 10 })], 0);
    book.apply([quoteOf({ seq: 2, prev: 1, price: 11 })], 100);
    book.apply([quoteOf({ seq: 3, prev: 2, price: 11, volume: 9 })], 200);
    expect(book.get('TCS')).toMatchObject({ direction: 1, movedAt: 100, moves: 1, quote: { volume: 9 } });
  });

  it('marks only the quotes of the source that went quiet', () => {
    const book = new QuoteBook();
    book.hydrate([quoteOf({ source: 'demo' }), quoteOf({ symbol: 'INFY', source: 'other' })], 0);
    expect(book.markSource('demo', true)).toBe(true);
    expect([book.get('TCS')?.quote.stale, book.get('INFY')?.quote.stale]).toEqual([true, false]);
    expect(book.markSource('demo', true)).toBe(false);
    book.markSource('demo', false);
    expect(book.get('TCS')?.quote.stale).toBe(false);
  });
});
