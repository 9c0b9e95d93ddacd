import { describe, expect, it } from 'vitest';
import { arrivalOf, match, sharedHash, type Route } from './paths';

const routes: Route[] = [
  { pattern: /^\/?$/, load: () => { throw new Error('not loaded here'); } },
  { pattern: /^\/symbol\/([^/]+)$/, load: () => { throw new Error('not loaded here'); } },
];

describe('match', () => {
  it('finds a page and decodes its parameters', () => {
    expect(match('#/symbol/M%26M', routes)?.params).toEqual(['M&M']);
    expect(match('', routes)?.route).toBe(routes[0]);
    expect(match('#/', routes)?.route).toBe(routes[0]);
  });

  it('takes a stray per cent sign as it is', () => {
    expect(match('#/symbol/100%', routes)?.params).toEqual(['100%']);
  });

  it('knows what is not there', () => {
    expect(match('#/symbol/', routes)).toBeNull();
    expect(match('#/nothing', routes)).toBeNull();
  });
});

describe('sharedHash', () => {
  it('leads from a shared link to its page', () => {
    expect(sharedHash('/g/EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe('#/g/EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAV');
    expect(sharedHash('/join/K7QM-2XRD')).toBe('#/join/K7QM-2XRD');
  });

  it('leaves every other path alone', () => {
    expect(['/', '/g/', '/g/a/b', '/feed'].map(sharedHash)).toEqual([null, null, null, null]);
  });
});

describe('arrivalOf', () => {
  it('takes the token of a mail out of the address', () => {
    expect(arrivalOf({ pathname: '/verify', search: '', hash: '#token=01A.b-c_d' }))
      .toEqual({ hash: '#/verify', brought: { token: '01A.b-c_d' } });
  });

  it('takes what a provider sends back out of the address', () => {
    expect(arrivalOf({ pathname: '/sign-in/callback/google', search: '?code=c&state=s', hash: '' }))
      .toEqual({ hash: '#/sign-in/callback/google', brought: { code: 'c', state: 's' } });
  });

  it('leaves every other path alone', () => {
    expect(['/', '/sign-in/callback/', '/verify/x', '/feed'].map((pathname) => arrivalOf({ pathname, search: '', hash: '' })))
      .toEqual([null, null, null, null]);
  });
});
