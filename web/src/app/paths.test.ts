import { describe, expect, it } from 'vitest';
import { match, type Route } from './paths';

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
