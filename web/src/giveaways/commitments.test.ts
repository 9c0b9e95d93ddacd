import { expect, it } from 'vitest';
import { seeDraw, seenDraw } from './commitments';

function storeOf(): Pick<Storage, 'getItem' | 'setItem'> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

it('keeps the commitment from before the start, whatever is said later', () => {
  const store = storeOf();
  seeDraw('EVENT_1', { state: 'committed', commitment: 'aa' }, false, 1_000, store);
  seeDraw('EVENT_1', { state: 'committed', commitment: 'bb' }, false, 2_000, store);
  seeDraw('EVENT_1', { state: 'closed', commitment: 'cc', entryRoot: 'dd' }, true, 3_000, store);
  seeDraw('EVENT_1', { state: 'closed', commitment: 'cc', entryRoot: 'ee' }, true, 4_000, store);
  expect(seenDraw('EVENT_1', store)).toEqual({ commitment: 'bb', entryRoot: 'dd', seenAt: '1970-01-01T00:00:02.000Z' });
});

it('keeps what it saw first where it came after the start', () => {
  const store = storeOf();
  seeDraw('EVENT_1', { state: 'committed', commitment: 'aa' }, true, 1_000, store);
  seeDraw('EVENT_1', { state: 'committed', commitment: 'bb' }, true, 2_000, store);
  expect([seenDraw('EVENT_1', store)?.commitment, seenDraw('EVENT_2', store)]).toEqual(['aa', null]);
});

it('keeps nothing that it sees only after the reveal', () => {
  const store = storeOf();
  seeDraw('EVENT_1', { state: 'revealed', commitment: 'aa', entryRoot: 'dd' }, true, 1_000, store);
  expect(seenDraw('EVENT_1', store)).toBeNull();
});
