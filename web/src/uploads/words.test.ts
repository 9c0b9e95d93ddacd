import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/client';
import { blobError, wordsOf } from './words';

describe('wordsOf', () => {
  it('has words for the codes of uploads', () => {
    expect(wordsOf(new ApiError({ title: 'x', status: 503, code: 'uploads_unavailable' }))).toMatch(/Everything else/);
    expect(wordsOf(blobError(0))).toMatch(/try again/);
    expect(wordsOf(blobError(403))).toMatch(/did not take/);
  });

  it('falls back to what the server said', () => {
    expect(wordsOf(new ApiError({ title: 'x', status: 418, code: 'new', detail: 'The detail.' }))).toBe('The detail.');
  });
});
