import { describe, expect, it } from 'vitest';
import { placesFrom, ringOf, rowAt } from './places';

const ROW = 58;
const HEIGHT = 640;
const ring = (scrollTop: number, count = 10_000) => ringOf(scrollTop, HEIGHT, ROW, count);
const shown = (scrollTop: number, count?: number): number[] => {
  const at = ring(scrollTop, count);
  return placesFrom(at.first, at.size).map((place) => rowAt(place, at));
};

describe('a ring of places', () => {
  it('shows what is on the screen, in order and without a hole, and never the whole list', () => {
    for (let scrollTop = 0; scrollTop <= 10_000 * ROW - HEIGHT; scrollTop += 997) {
      const rows = shown(scrollTop);
      expect(rows.length).toBe(29);
      expect(rows).toEqual(rows.map((_, index) => rows[0]! + index));
      expect(rows[0]! * ROW).toBeLessThanOrEqual(scrollTop);
      expect((rows.at(-1)! + 1) * ROW).toBeGreaterThanOrEqual(scrollTop + HEIGHT);
    }
  });

  it('fills only the places of the rows that came in, wherever it scrolls', () => {
    for (const by of [150, -150, 58, 1]) {
      const [before, after] = [ring(40_000), ring(40_000 + by)];
      const moved = placesFrom(0, before.size).filter((place) => rowAt(place, before) !== rowAt(place, after));
      expect(moved.length).toBe(Math.abs(after.first - before.first));
    }
  });

  it('has no more places than rows, and stays on a list that shrank', () => {
    expect(shown(0, 3)).toEqual([0, 1, 2]);
    expect(shown(300_000, 3)).toEqual([0, 1, 2]);
    expect(shown(0, 0)).toEqual([]);
    expect(shown(300_000, 40)).toEqual(Array.from({ length: 29 }, (_, index) => 11 + index));
    expect(shown(-50)[0]).toBe(0);
  });
});
