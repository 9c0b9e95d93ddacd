import { describe, expect, it } from 'vitest';
import { endedBefore, forgetEnded, rememberEnded, type Memory } from './ended';

function memoryOf(start: string | null = null): Memory & { text: string | null } {
  return {
    text: start,
    getItem() { return this.text; },
    setItem(_, value) { this.text = value; },
  };
}

describe('what has ended (FE-06)', () => {
  it('is known after a reload, before any answer', () => {
    const memory = memoryOf();
    rememberEnded({ id: 'EVENT_1', title: 'Diwali', state: 'past' }, memory);
    expect(endedBefore('EVENT_1', memoryOf(memory.text))).toEqual({ id: 'EVENT_1', title: 'Diwali', state: 'past' });
    expect(endedBefore('EVENT_2', memory)).toBeNull();
  });

  it('is forgotten where the server says otherwise', () => {
    const memory = memoryOf();
    rememberEnded({ id: 'EVENT_1', title: 'Diwali', state: 'drawing' }, memory);
    forgetEnded('EVENT_1', memory);
    expect(endedBefore('EVENT_1', memory)).toBeNull();
  });

  it('is kept for the last fifty', () => {
    const memory = memoryOf();
    for (let n = 0; n < 60; n++) rememberEnded({ id: `EVENT_${n}`, title: 'x', state: 'past' }, memory);
    expect([endedBefore('EVENT_9', memory), endedBefore('EVENT_59', memory)?.id]).toEqual([null, 'EVENT_59']);
  });

  it('is nothing where the storage holds something else, or refuses', () => {
    expect(endedBefore('EVENT_1', memoryOf('{not json'))).toBeNull();
    expect(endedBefore('EVENT_1', memoryOf('[{"id":"EVENT_1"},null]'))).toBeNull();
    const refusing: Memory = { getItem: () => null, setItem: () => { throw new Error('full'); } };
    rememberEnded({ id: 'EVENT_1', title: 'x', state: 'past' }, refusing);
    expect(endedBefore('EVENT_1', refusing)).toBeNull();
  });
});
