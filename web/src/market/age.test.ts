import { describe, expect, it } from 'vitest';
import { ageOf, formatAge, isStale, LagMeter, ServerClock } from './age';

const at = Date.parse('2026-11-20T04:00:00Z');

describe('age', () => {
  it('is written in the largest whole unit', () => {
    expect([0, 999, 1000, 59_999, 60_000, 3_600_000, 90_000_000].map(formatAge))
      .toEqual(['0s', '0s', '1s', '59s', '1m', '1h', '1d']);
    expect(formatAge(Number.NaN)).toBe('–');
  });

  it('is never negative', () => {
    expect(ageOf('2026-11-20T04:00:05Z', at)).toBe(0);
    expect(ageOf('2026-11-20T04:00:05Z', at + 9000)).toBe(4000);
  });
});

describe('isStale', () => {
  it('believes the server while connected and nobody after five seconds without', () => {
    expect(isStale(true, at, null, at)).toBe(true);
    expect(isStale(false, at - 60_000, null, at)).toBe(false);
    expect(isStale(false, at - 60_000, at, at + 5000)).toBe(false);
    expect(isStale(false, at - 60_000, at, at + 5001)).toBe(true);
  });

  it('believes a quote that was fetched meanwhile', () => {
    expect(isStale(false, at + 9000, at, at + 10_000)).toBe(false);
    expect(isStale(false, at + 9000, at, at + 14_001)).toBe(true);
    expect(isStale(true, at + 9000, at, at + 10_000)).toBe(true);
  });
});

describe('ServerClock', () => {
  it('follows a server that is ahead and measures how late a push is', () => {
    const clock = new ServerClock();
    expect(clock.observePush(at + 60_000, at)).toBe(0);
    expect(clock.now(at)).toBe(at + 60_000);
    expect(clock.observePush(at + 60_000, at + 2500)).toBe(2500);
  });

  it('takes a Date header only where it contradicts the browser by seconds', () => {
    const clock = new ServerClock();
    clock.observeDate(new Date(at + 2000).toUTCString(), at);
    expect(clock.now(at)).toBe(at);
    clock.observeDate(new Date(at - 300_000).toUTCString(), at);
    expect(clock.now(at)).toBe(at - 300_000);
  });
});

describe('LagMeter', () => {
  it('says so only when push after push is late for a while', () => {
    const meter = new LagMeter(2000, 5, 3000);
    const late = [0, 1000, 2000, 3000, 4000].map((ms) => meter.observe(2500, at + ms));
    expect(late).toEqual([false, false, false, false, true]);
  });

  it('forgives as soon as one push is in time', () => {
    const meter = new LagMeter(2000, 2, 0);
    meter.observe(2500, at);
    expect(meter.observe(100, at + 10)).toBe(false);
    expect(meter.observe(2500, at + 20)).toBe(false);
  });

  it('does not take one burst of late pushes for a slow line', () => {
    const meter = new LagMeter(2000, 3, 3000);
    expect([0, 1, 2, 3].map((ms) => meter.observe(9000, at + ms))).toEqual([false, false, false, false]);
  });
});
