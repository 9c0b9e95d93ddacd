import { describe, expect, it } from 'vitest';
import { moveBy, scrollToReveal, toWatch, visibleRows, windowOf } from './window';

const view = { scrollTop: 0, height: 360, rowHeight: 36, count: 10_000 };

describe('windowOf', () => {
  it('draws what is on the screen and a little more, never the whole list', () => {
    expect(windowOf(view)).toEqual({ first: 0, end: 18, offset: 0, total: 360_000 });
    expect(windowOf({ ...view, scrollTop: 3600 })).toEqual({ first: 92, end: 118, offset: 3312, total: 360_000 });
  });

  it('covers every position without a hole', () => {
    for (let scrollTop = 0; scrollTop <= 360_000 - 360; scrollTop += 997) {
      const { first, end } = windowOf({ ...view, scrollTop });
      expect(first * 36).toBeLessThanOrEqual(scrollTop);
      expect(end * 36).toBeGreaterThanOrEqual(scrollTop + 360);
    }
  });

  it('holds at the ends, in an empty list and beyond a list that shrank', () => {
    expect(windowOf({ ...view, count: 0 })).toEqual({ first: 0, end: 0, offset: 0, total: 0 });
    expect(windowOf({ ...view, scrollTop: -50 }).first).toBe(0);
    expect(windowOf({ ...view, scrollTop: 300_000, count: 3 })).toMatchObject({ first: 0, end: 3 });
  });
});

describe('visibleRows', () => {
  it('counts rows that are partly on the screen', () => {
    expect(visibleRows({ ...view, scrollTop: 18 })).toEqual({ first: 0, end: 11 });
    expect(visibleRows({ ...view, count: 4 })).toEqual({ first: 0, end: 4 });
  });
});

describe('scrollToReveal', () => {
  it('moves no further than needed', () => {
    expect(scrollToReveal(3, view)).toBe(0);
    expect(scrollToReveal(10, view)).toBe(36);
    expect(scrollToReveal(2, { ...view, scrollTop: 3600 })).toBe(72);
  });
});

describe('moveBy', () => {
  it('moves within the list and leaves other keys alone', () => {
    expect(moveBy('ArrowDown', -1, 5, 3)).toBe(0);
    expect(moveBy('ArrowUp', 0, 5, 3)).toBe(0);
    expect(moveBy('PageDown', 1, 5, 3)).toBe(4);
    expect(moveBy('End', 1, 5, 3)).toBe(4);
    expect(moveBy('Home', 3, 5, 3)).toBe(0);
    expect(moveBy('x', 3, 5, 3)).toBeNull();
    expect(moveBy('ArrowDown', 0, 0, 3)).toBeNull();
  });
});

describe('toWatch', () => {
  const order = Array.from({ length: 500 }, (_, index) => `S${String(index).padStart(3, '0')}`).toReversed();

  it('watches a short list whole, whatever its order', () => {
    expect(toWatch(['B', 'A'], 0, 2, [], 50)).toEqual(['A', 'B']);
  });

  it('watches what is on the screen and some around it, as much as fits into one message', () => {
    const names = toWatch(order, 100, 120, [], 50);
    expect(names).toHaveLength(40);
    expect(order.slice(100, 120).every((name) => names.includes(name))).toBe(true);
  });

  it('keeps what it holds while that covers the screen, and never watches more than it may', () => {
    const held = toWatch(order, 100, 120, [], 50);
    expect(toWatch(order, 103, 123, held, 50)).toBe(held);
    expect(toWatch(order, 200, 220, held, 50)).not.toBe(held);
    expect(toWatch(order, 0, 160, held, 50)).toHaveLength(50);
  });
});
