import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AWAY_MS, Sight } from './sight';

describe('Sight', () => {
  let hidden = false;
  const told: boolean[] = [];
  let sight: Sight;
  const turn = (to: boolean): void => {
    hidden = to;
    sight.look();
  };

  beforeEach(() => {
    vi.useFakeTimers();
    [hidden, told.length] = [false, 0];
    sight = new Sight({
      hidden: () => hidden,
      later: (run, ms) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    }, (away) => told.push(away));
  });
  afterEach(() => vi.useRealTimers());

  it('is away after a while out of sight, and back at once', () => {
    turn(true);
    vi.advanceTimersByTime(AWAY_MS - 1);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([told, sight.away]).toEqual([[true], true]);
    turn(true);
    turn(false);
    expect([told, sight.away]).toEqual([[true, false], false]);
    vi.advanceTimersByTime(2 * AWAY_MS);
    expect(told).toEqual([true, false]);
  });

  it('is not away for a look elsewhere', () => {
    turn(true);
    vi.advanceTimersByTime(AWAY_MS - 1);
    turn(false);
    vi.advanceTimersByTime(2 * AWAY_MS);
    expect(told).toEqual([]);
  });
});
