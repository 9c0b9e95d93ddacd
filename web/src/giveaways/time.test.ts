import { expect, it } from 'vitest';
import { formatSeconds, fromLocalInput, toLocalInput } from './time';

it('takes back the instant that it shows, whatever the zone', () => {
  for (const iso of ['2026-11-21T10:20:30.000Z', '2026-01-01T00:00:00.000Z', '2026-07-31T23:59:59.000Z']) {
    expect(fromLocalInput(toLocalInput(iso))).toBe(iso);
  }
});

it('knows what is no instant', () => {
  expect([fromLocalInput(''), fromLocalInput('soon')]).toEqual([null, null]);
});

it('says a stretch of time in a unit that people count in', () => {
  expect([1, 60, 120, 3600, 7200, 86_400].map(formatSeconds))
    .toEqual(['1 second', '60 seconds', '2 minutes', '60 minutes', '2 hours', '24 hours']);
});
