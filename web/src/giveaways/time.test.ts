import { expect, it } from 'vitest';
import { fromLocalInput, toLocalInput } from './time';

it('takes back the instant that it shows, whatever the zone', () => {
  for (const iso of ['2026-11-21T10:20:30.000Z', '2026-01-01T00:00:00.000Z', '2026-07-31T23:59:59.000Z']) {
    expect(fromLocalInput(toLocalInput(iso))).toBe(iso);
  }
});

it('knows what is no instant', () => {
  expect([fromLocalInput(''), fromLocalInput('soon')]).toEqual([null, null]);
});
