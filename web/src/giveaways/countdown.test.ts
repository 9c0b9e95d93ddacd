import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Countdown, formatLeft, TICK_MS } from './countdown';

describe('Countdown', () => {
  const start = Date.parse('2026-11-21T10:00:00Z');
  let shown: number[];
  let countdown: Countdown;

  beforeEach(() => {
    vi.useFakeTimers({ now: start });
    shown = [];
    countdown = new Countdown((left) => shown.push(left));
  });
  afterEach(() => {
    countdown.stop();
    vi.useRealTimers();
  });

  it('shows target minus now, also when its timer was late (FE-03)', () => {
    countdown.hydrate(60);
    expect(shown).toEqual([60_000]);
    vi.advanceTimersByTime(10_000);
    expect(shown.at(-1)).toBe(50_000);
    // The machine slept: the clock went on, the timer did not.
    vi.setSystemTime(Date.now() + 30_000);
    vi.advanceTimersByTime(TICK_MS);
    expect(shown.at(-1)).toBe(20_000 - TICK_MS);
  });

  it('is never wrong by more than a tick over an hour of uneven ticks (FE-03)', () => {
    countdown.hydrate(3600);
    for (let late = 0; late < 500; late++) {
      vi.setSystemTime(Date.now() + (late % 7) * 13);
      vi.advanceTimersByTime(TICK_MS);
      expect(Math.abs(shown.at(-1)! - (start + 3_600_000 - Date.now()))).toBeLessThanOrEqual(TICK_MS);
    }
  });

  it('keeps its one interval when the expiry callback changes (FE-04)', () => {
    const intervals = vi.spyOn(globalThis, 'setInterval');
    const [first, second] = [vi.fn(), vi.fn()];
    countdown.onExpire = first;
    countdown.hydrate(1);
    vi.advanceTimersByTime(TICK_MS - 10);
    countdown.onExpire = second;
    vi.advanceTimersByTime(10);
    // The tick comes when it was due: it was not put off by the change.
    expect(shown).toEqual([1000, 1000 - TICK_MS]);
    vi.advanceTimersByTime(1000);
    expect(intervals).toHaveBeenCalledTimes(1);
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
  });

  it('takes the server’s word anew with each hydration (FE-05)', () => {
    countdown.hydrate(60);
    vi.advanceTimersByTime(5_000);
    countdown.hydrate(120);
    expect(shown.at(-1)).toBe(120_000);
    countdown.hydrate(30);
    vi.advanceTimersByTime(10_000);
    expect(shown.at(-1)).toBe(20_000);
  });

  it('counts from when it asked where the answer waited in a sleeping tab', () => {
    const asked = Date.now();
    vi.setSystemTime(asked + 30_000);
    countdown.hydrate(60, asked);
    expect(Math.abs(shown.at(-1)! - 30_000)).toBeLessThanOrEqual(500);
    countdown.hydrate(60, Date.now() - 100);
    expect(shown.at(-1)).toBe(59_950);
  });

  it('expires once, and goes on where it is hydrated after that', () => {
    const expired = vi.fn();
    countdown.onExpire = expired;
    countdown.hydrate(1);
    vi.advanceTimersByTime(5_000);
    expect([shown.at(-1), expired.mock.calls.length]).toEqual([0, 1]);
    countdown.hydrate(1);
    vi.advanceTimersByTime(5_000);
    expect(expired).toHaveBeenCalledTimes(2);
  });

  it('is silent once it is stopped', () => {
    countdown.hydrate(60);
    countdown.stop();
    vi.advanceTimersByTime(5_000);
    expect(shown).toEqual([60_000]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('formatLeft', () => {
  it('counts part of a second as one', () => {
    expect([0, 1, 1000, 61_000, 3_600_000, 90_061_000].map(formatLeft))
      .toEqual(['00:00', '00:01', '00:01', '01:01', '01:00:00', '1 d 01:01:01']);
  });
});
