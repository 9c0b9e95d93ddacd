import { describe, expect, it } from 'vitest';
import { beginOf, sayStatistic, SPANS } from './performance';

describe('beginOf', () => {
  it('goes back by the calendar', () => {
    const now = new Date('2026-11-21T10:00:00Z');
    expect(SPANS.map((span) => beginOf(span, now))).toEqual(['2026-10-21', '2026-05-21', '2025-12-31', '2025-11-21', '2021-11-21']);
  });

  it('ends a shorter month on its last day', () => {
    expect(beginOf('1M', new Date('2026-03-31T10:00:00Z'))).toBe('2026-02-28');
  });
});

describe('sayStatistic', () => {
  it('shows shares with their sign, and nothing for what is not known', () => {
    expect(sayStatistic({ value: 0.0512, unavailable: null }, 'percent')).toBe('+5.12%');
    expect(sayStatistic({ value: -0.2, unavailable: null }, 'percent')).toBe('−20.00%');
    expect(sayStatistic({ value: -1.25, unavailable: null }, 'number')).toBe('−1.25');
    expect(sayStatistic({ value: null, unavailable: { reason: 'tooShort', detail: '' } }, 'percent')).toBeNull();
  });
});
