import { describe, expect, it } from 'vitest';
import { headerOf } from './csv';

describe('headerOf', () => {
  it('names the columns, whatever separates them', () => {
    expect(headerOf('Date,Code,"Buy, or Sell"\r\n1,2,3')).toEqual(['Date', 'Code', 'Buy, or Sell']);
    expect(headerOf('\uFEFFDate;Symbol;Qty\n')).toEqual(['Date', 'Symbol', 'Qty']);
    expect(headerOf('a\tb')).toEqual(['a', 'b']);
  });

  it('finds none in JSON', () => {
    expect(headerOf('{ "activities": [1, 2] }')).toEqual([]);
    expect(headerOf('')).toEqual([]);
  });
});
