import { describe, expect, it } from 'vitest';
import { FACES, facesOf, REELS, stripOf } from './reel';

const seeds = Array.from({ length: 2_000 }, (_, n) => `ATTEMPT_${n}`);

describe('facesOf', () => {
  it('shows three alike for a win and never for a loss', () => {
    for (const seed of seeds) {
      expect(new Set(facesOf(true, seed)).size).toBe(1);
      expect(new Set(facesOf(false, seed)).size).toBeGreaterThan(1);
    }
  });

  it('shows every face, and the same for the same attempt', () => {
    expect(new Set(seeds.flatMap((seed) => facesOf(true, seed))).size).toBe(FACES);
    expect(facesOf(false, 'ATTEMPT_7')).toEqual(facesOf(false, 'ATTEMPT_7'));
    expect(facesOf(false, 'ATTEMPT_7')).toHaveLength(REELS);
  });
});

describe('stripOf', () => {
  it('runs from the face that shows to the one that it stops at, later for each reel', () => {
    const strips = [0, 1, 2].map((reel) => stripOf(reel, 2, 5));
    for (const strip of strips) expect([strip[0], strip.at(-1)]).toEqual([2, 5]);
    expect(strips[0]!.length).toBeLessThan(strips[1]!.length);
    expect(strips[1]!.length).toBeLessThan(strips[2]!.length);
  });
});
