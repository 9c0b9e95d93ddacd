/** Which giveaways have ended, as this browser remembers it: shown before any answer of the server (FE-06). */

const KEY = 'finvault.ended';
const KEPT = 50;

export interface Ended {
  id: string;
  title: string;
  state: 'past' | 'cancelled' | 'drawing';
}

export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export function endedBefore(id: string, memory: Memory = localStorage): Ended | null {
  return read(memory).find((each) => each.id === id) ?? null;
}

export function rememberEnded(ended: Ended, memory: Memory = localStorage): void {
  write([ended, ...read(memory).filter((each) => each.id !== ended.id)].slice(0, KEPT), memory);
}

/** The server decides: what it says still runs has not ended. */
export function forgetEnded(id: string, memory: Memory = localStorage): void {
  const kept = read(memory);
  if (kept.some((each) => each.id === id)) write(kept.filter((each) => each.id !== id), memory);
}

// Private windows may refuse storage, and anybody can write into it: then nothing is remembered.
function read(memory: Memory): Ended[] {
  try {
    const kept: unknown = JSON.parse(memory.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isEnded) : [];
  } catch (error) {
    console.info('What has ended is not remembered:', error);
    return [];
  }
}

function write(kept: readonly Ended[], memory: Memory): void {
  try {
    memory.setItem(KEY, JSON.stringify(kept));
  } catch (error) {
    console.info('What has ended is not remembered:', error);
  }
}

function isEnded(value: unknown): value is Ended {
  const each = value as Partial<Ended> | null;
  return typeof each?.id === 'string' && typeof each.title === 'string' && typeof each.state === 'string';
}
