import { describe, expect, it } from 'vitest';
import { quoteOf, tickOf } from '../testing';
import { TAPE_TICKS, TickTape } from './tape';

function tapeAt(seq: number): TickTape {
  const tape = new TickTape();
  tape.reset([tickOf({ seq })], quoteOf({ seq }));
  return tape;
}
const seqs = (tape: TickTape): number[] => tape.ticks.map((tick) => tick.seq);

describe('TickTape', () => {
  it('reads the one new tick off the quote', () => {
    const tape = tapeAt(5);
    expect(tape.offer(quoteOf({ seq: 6, price: 101, volume: 1010 }))).toBe('appended');
    expect(tape.ticks[0]).toMatchObject({ seq: 6, price: 101, volume: 1010 });
  });

  it('asks for healing where several ticks came in one window', () => {
    const tape = tapeAt(5);
    expect(tape.offer(quoteOf({ seq: 8, price: 101 }))).toBe('heal');
    expect(tape.lastSeq).toBe(5);
  });

  it('asks for healing where the one new tick was late and left the quote as it was', () => {
    expect(tapeAt(5).offer(quoteOf({ seq: 6 }))).toBe('heal');
  });

  it('knows a quote that it has seen', () => {
    expect(tapeAt(5).offer(quoteOf({ seq: 5 }))).toBe('known');
  });

  it('joins fetched ticks, whatever their order, and leaves out those it holds', () => {
    const tape = tapeAt(5);
    const fresh = tape.merge([tickOf({ seq: 7 }), tickOf({ seq: 5 }), tickOf({ seq: 6 })]);
    expect(fresh.map((tick) => tick.seq)).toEqual([6, 7]);
    expect(seqs(tape)).toEqual([7, 6, 5]);
  });

  it('starts again from a ring that has moved on: a list without holes', () => {
    const tape = tapeAt(5);
    tape.merge([tickOf({ seq: 40 }), tickOf({ seq: 41 })]);
    expect(seqs(tape)).toEqual([41, 40]);
  });

  it('holds a hundred ticks', () => {
    const tape = tapeAt(0);
    tape.merge(Array.from({ length: 250 }, (_, index) => tickOf({ seq: index + 1 })));
    expect([tape.ticks.length, tape.lastSeq]).toEqual([TAPE_TICKS, 250]);
  });
});
