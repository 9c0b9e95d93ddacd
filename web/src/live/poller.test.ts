import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Quote } from '../api/types';
import { quoteOf } from '../testing';
import { POLL_MS, QuotePoller } from './poller';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('QuotePoller', () => {
  it('fetches once an interval until it is stopped', async () => {
    const taken: (Quote[] | null)[] = [];
    const poller = new QuotePoller(() => Promise.resolve([quoteOf()]), (quotes) => taken.push(quotes));
    poller.start();
    poller.start();
    expect(taken).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(3 * POLL_MS);
    expect(taken).toHaveLength(3);
    poller.stop();
    await vi.advanceTimersByTimeAsync(3 * POLL_MS);
    expect(taken).toHaveLength(3);
  });

  it('says that nothing came and tries again', async () => {
    const taken: (Quote[] | null)[] = [];
    let asked = 0;
    const poller = new QuotePoller(
      () => (asked++ === 0 ? Promise.reject(new Error('down')) : Promise.resolve([])), (quotes) => taken.push(quotes));
    poller.start();
    await vi.advanceTimersByTimeAsync(2 * POLL_MS);
    expect(taken).toEqual([null, []]);
    poller.stop();
  });

  it('drops an answer that arrives after the live connection is back', async () => {
    const taken: unknown[] = [];
    let answer: (quotes: Quote[]) => void = () => undefined;
    const poller = new QuotePoller(() => new Promise((resolve) => (answer = resolve)), (quotes) => taken.push(quotes));
    poller.start();
    await vi.advanceTimersByTimeAsync(POLL_MS);
    poller.stop();
    answer([quoteOf()]);
    await vi.advanceTimersByTimeAsync(POLL_MS);
    expect(taken).toEqual([]);
  });
});
