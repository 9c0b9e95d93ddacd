import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isEarly, takeEarly, type Early } from './early';

const url = '/api/v1/auth/me';

describe('what was asked for ahead', () => {
  beforeEach(() => {
    const answers = new Map([[`GET ${url}`, Promise.resolve(new Response('{}'))]]);
    globalThis.finvaultEarly = { answers } as Early;
  });

  afterEach(() => {
    vi.restoreAllMocks();
    globalThis.finvaultEarly = undefined;
  });

  it('is for the first that asks for the same, once', () => {
    expect(takeEarly('POST', url)).toBeUndefined();
    expect(takeEarly('GET', `${url}?x=1`)).toBeUndefined();
    expect(isEarly('GET', url)).toBe(true);
    expect(takeEarly('GET', url)).toBeInstanceOf(Promise);
    expect(takeEarly('GET', url)).toBeUndefined();
    expect(isEarly('GET', url)).toBe(false);
  });

  it('is of the past when nobody has taken it for long', () => {
    vi.spyOn(performance, 'now').mockReturnValue(60_000);
    expect(takeEarly('GET', url)).toBeUndefined();
  });

  it('is nothing where no document has asked', () => {
    globalThis.finvaultEarly = undefined;
    expect(takeEarly('GET', url)).toBeUndefined();
  });
});
