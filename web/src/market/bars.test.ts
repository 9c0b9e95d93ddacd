import { describe, expect, it } from 'vitest';
import type { Bar } from '../api/types';
import { quoteOf, tickOf } from '../testing';
import { MinuteBars, minuteOf, withToday } from './bars';

const bar = (time: string, over: Partial<Bar> = {}): Bar =>
  ({ time, open: 100, high: 101, low: 99, close: 100, volume: 50, trades: 5, ...over });

function loaded(): MinuteBars {
  const minutes = new MinuteBars();
  minutes.load(
    [bar('2026-11-20T04:00:00Z'), bar('2026-11-20T03:59:00Z')],
    quoteOf({ eventTime: '2026-11-20T04:00:30Z', volume: 1000 }));
  return minutes;
}

describe('MinuteBars', () => {
  it('puts an event into the minute it happened in', () => {
    expect(minuteOf('2026-11-20T04:00:59.999Z')).toBe('2026-11-20T04:00:00.000Z');
  });

  it('extends the running bar and adds what the cumulative volume rose by', () => {
    const folded = loaded().add(tickOf({ eventTime: '2026-11-20T04:00:40Z', price: 103, volume: 1030 }));
    expect(folded).toMatchObject({ open: 100, high: 103, low: 99, close: 103, volume: 80, trades: 6 });
  });

  it('opens the next bar with the first tick of the minute', () => {
    const minutes = loaded();
    minutes.add(tickOf({ eventTime: '2026-11-20T04:01:00Z', price: 98, volume: 1005 }));
    expect(minutes.bars).toHaveLength(3);
    expect(minutes.bars.at(-1)).toEqual(
      { time: '2026-11-20T04:01:00.000Z', open: 98, high: 98, low: 98, close: 98, volume: 5, trades: 1 });
  });

  it('lets a late tick widen its minute but not close it', () => {
    const minutes = loaded();
    minutes.add(tickOf({ eventTime: '2026-11-20T03:59:10Z', price: 120, volume: 900 }));
    expect(minutes.bars[0]).toMatchObject({ high: 120, close: 100, volume: 50 });
    minutes.add(tickOf({ eventTime: '2026-11-20T04:00:10Z', price: 90, volume: 900 }));
    expect(minutes.bars[1]).toMatchObject({ low: 90, close: 100 });
  });

  it('adds nothing for a cumulative volume that fell, and counts from zero on a new day', () => {
    const minutes = loaded();
    expect(minutes.add(tickOf({ eventTime: '2026-11-20T04:00:41Z', volume: 10 })).volume).toBe(50);
    expect(minutes.add(tickOf({ eventTime: '2026-11-23T03:45:00Z', volume: 10 })).volume).toBe(10);
  });

  it('shows a quote that is ahead of its ticks, and counts those all the same when they come', () => {
    const minutes = loaded();
    const before = minutes.bars;
    const quote = quoteOf({ eventTime: '2026-11-20T04:01:10Z', price: 104, volume: 1090 });
    expect(minutes.upTo(quote).slice(0, 2)).toEqual(before);
    expect(minutes.upTo(quote)[2]).toMatchObject({ open: 104, close: 104, volume: 90, trades: 1 });
    expect(minutes.bars).toBe(before);
    minutes.add(tickOf({ eventTime: '2026-11-20T04:00:50Z', price: 106, volume: 1060 }));
    minutes.add(tickOf({ eventTime: '2026-11-20T04:01:10Z', price: 104, volume: 1090 }));
    expect(minutes.bars.slice(1)).toMatchObject([{ high: 106, close: 106, volume: 110 }, { close: 104, volume: 30 }]);
  });

  it('is corrected by the server', () => {
    const minutes = loaded();
    minutes.replace([bar('2026-11-20T04:00:00Z', { close: 77 })]);
    expect(minutes.bars.map((each) => each.close)).toEqual([100, 77]);
  });
});

describe('withToday', () => {
  it('takes the running day from the quote', () => {
    const days = withToday([bar('2026-11-20'), bar('2026-11-19')], quoteOf({ price: 101, high: 104 }));
    expect(days.map((day) => day.time)).toEqual(['2026-11-19', '2026-11-20']);
    expect(days[1]).toMatchObject({ close: 101, high: 104, volume: 1000, trades: 5 });
  });

  it('leaves history alone while there is no quote', () => {
    expect(withToday([bar('2026-11-19')], null)).toHaveLength(1);
  });
});
