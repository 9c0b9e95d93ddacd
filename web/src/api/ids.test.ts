import { expect, it } from 'vitest';
import { newId, newSecret } from './ids';

it('makes ids that the server takes, that sort by time and never repeat', () => {
  const ids = [1_000, 2_000, 40_000_000_000_000].map((now) => newId('ATTEMPT', now));
  for (const id of ids) expect(id).toMatch(/^ATTEMPT_[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(newId('EVENT', 1_469_918_176_385).slice(6, 16)).toBe('01ARYZ6S41');
  expect(new Set(Array.from({ length: 200 }, () => newId('X', 5))).size).toBe(200);
});

it('makes secrets of the form that a registration takes', () => {
  expect(newSecret()).toMatch(/^[A-Za-z0-9_-]{16,64}$/);
});
