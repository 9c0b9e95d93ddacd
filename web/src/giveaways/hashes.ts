// The arithmetic of docs/draw.md: labelled hashes, the tree of entries, and numbers that follow from a seed.
import type { Entry } from './verify.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export const SCHEME = 'finvault-draw-1';
export const utf8 = new TextEncoder();

/** The root that a leaf and its audit path lead to, or null when the path has not the tree's length (RFC 9162). */
export async function rootByPath(entry: Entry, index: number, count: number, proof: string[]): Promise<string | null> {
  if (index < 0 || index >= count) return null;
  let hash = await leafHash(entry);
  let last = count - 1;
  for (const sibling of proof.map(bytes)) {
    if (last === 0) return null;
    if (index % 2 === 1 || index === last) {
      hash = await nodeHash(sibling, hash);
      while (index % 2 === 0 && index !== 0) [index, last] = [index / 2, last >> 1];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [index, last] = [index >> 1, last >> 1];
  }
  return last === 0 ? hex(hash) : null;
}

/** RFC 6962, section 2.1. */
export async function treeRoot(leaves: Bytes[]): Promise<Bytes> {
  if (leaves.length === 0) return sha256(new Uint8Array());
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(await treeRoot(leaves.slice(0, split)), await treeRoot(leaves.slice(split)));
}

/** The numbers of section 4, one after the other. */
export async function* numbersOf(seed: Bytes): AsyncGenerator<bigint, never> {
  for (let block = 0; ; block++) {
    const view = new DataView((await mac(seed, 'stream', fourBytes(block))).buffer);
    for (let at = 0; at < 32; at += 8) yield view.getBigUint64(at);
  }
}

/** A number below a limit, all of them equally likely. */
export async function below(numbers: AsyncGenerator<bigint, never>, limit: number): Promise<number> {
  const full = 1n << 64n;
  const top = full - full % BigInt(limit);
  for (;;) {
    const { value } = await numbers.next();
    if (value < top) return Number(value % BigInt(limit));
  }
}

export async function leafHash(entry: Entry): Promise<Bytes> {
  const text = `${entry.id}|${entry.weight}|${entry.points}|${entry.completedAtMilliseconds}`;
  return sha256(joined([Uint8Array.of(0), utf8.encode(text)]));
}

async function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(joined([Uint8Array.of(1), left, right]));
}

export async function hash(label: string, ...parts: Bytes[]): Promise<Bytes> {
  return sha256(joined([utf8.encode(`${SCHEME}/${label}\n`), ...parts]));
}

export async function mac(key: Bytes, label: string, data: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const message = joined([utf8.encode(`${SCHEME}/${label}\n`), data]);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, message));
}

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data));
}

export function fourBytes(number: number): Bytes {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, number);
  return new Uint8Array(view.buffer);
}

function joined(parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function bytes(text: string): Bytes {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error(`'${text}' is not lower-case hexadecimal.`);
  return Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
}

export function hex(data: Bytes): string {
  return Array.from(data, byte => byte.toString(16).padStart(2, '0')).join('');
}
