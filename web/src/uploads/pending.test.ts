import { describe, expect, it } from 'vitest';
import { forget, pendingOf, pendingUploads, remember, type Pending } from './pending';

const HOUR = 3600 * 1000;
const of = (over: Partial<Pending> = {}): Pending => ({
  uploadId: 'UPLOAD_1', kind: 'merchantDocument', entityId: 'MERCHANT_1', name: 'a.pdf', bytes: 10, sha256: 'ab',
  startedAt: 0, ...over,
});

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

describe('pending uploads', () => {
  it('finds the upload of exactly the same file for the same entity', () => {
    const storage = memory();
    remember(of(), 0, storage);
    expect(pendingOf(of({ name: 'renamed.pdf' }), HOUR, storage)?.uploadId).toBe('UPLOAD_1');
    expect(pendingOf(of({ sha256: 'cd' }), HOUR, storage)).toBeUndefined();
    expect(pendingOf(of({ bytes: 11 }), HOUR, storage)).toBeUndefined();
    expect(pendingOf(of({ entityId: 'MERCHANT_2' }), HOUR, storage)).toBeUndefined();
  });

  it('forgets what is over, and what it is told to', () => {
    const storage = memory();
    remember(of(), 0, storage);
    remember(of({ uploadId: 'UPLOAD_2', startedAt: HOUR }), HOUR, storage);
    expect(pendingUploads(24 * HOUR + 1, storage).map((each) => each.uploadId)).toEqual(['UPLOAD_2']);
    forget('UPLOAD_2', HOUR, storage);
    expect(pendingUploads(HOUR, storage).map((each) => each.uploadId)).toEqual(['UPLOAD_1']);
  });
});
