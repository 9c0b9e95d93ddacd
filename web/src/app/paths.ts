import type { Component } from 'svelte';

/** A page of the app. `load` keeps its code out of the initial script. */
export interface Route {
  /** Matches the hash without `#`; its groups are the page's parameters. */
  pattern: RegExp;
  /** Shown in the navigation, to anybody or to those with one of the roles; other pages are reached from these. */
  nav?: { label: string; hash: string; roles?: readonly string[] };
  /** The entry of the navigation, by its hash, that a page without one of its own belongs to. */
  within?: string;
  /** It shows prices. */
  prices?: boolean;
  load: () => Promise<Component<PageProps>>;
}

export interface PageProps {
  /** The decoded groups of the route's pattern. */
  params: readonly string[];
}

export interface Match {
  route: Route;
  params: readonly string[];
}

/** The page for a location hash, or null where there is none. */
export function match(hash: string, routes: readonly Route[]): Match | null {
  const path = hash.replace(/^#/, '');
  for (const route of routes) {
    const found = route.pattern.exec(path);
    // A group that is left out is an empty parameter.
    if (found) return { route, params: found.slice(1).map((group?: string) => decode(group ?? '')) };
  }
  return null;
}

/** What a plain path brings with it: the page's hash, and what is too secret to stay in the address. */
export interface Arrival {
  hash: string;
  brought: Readonly<Record<string, string>>;
}

const ARRIVALS: readonly [RegExp, 'search' | 'hash'][] = [
  // The way back from a provider that one signs in with.
  [/^\/sign-in\/callback\/[a-z0-9-]+$/, 'search'],
  // Links of mails.
  [/^\/(sign-in|verify|forgot|reset)$/, 'hash'],
];

/** Where a link of a mail or the way back from a provider leads; null for any other path. */
export function arrivalOf({ pathname, search, hash }: Pick<Location, 'pathname' | 'search' | 'hash'>): Arrival | null {
  const found = ARRIVALS.find(([path]) => path.test(pathname));
  if (!found) return null;
  const text = found[1] === 'search' ? search : hash.replace(/^#/, '');
  return { hash: '#' + pathname, brought: Object.fromEntries(new URLSearchParams(text)) };
}

// Links that people share or scan are plain paths; the pages themselves are found by the hash.
const SHARED = /^\/(g|join)\/[^/]+$/;

/** The hash of a shared link's path, or null for any other path. */
export function sharedHash(path: string): string | null {
  return SHARED.test(path) ? `#${path}` : null;
}

export function symbolHash(symbol: string): string {
  return `#/symbol/${encodeURIComponent(symbol)}`;
}

// A hand-written address may hold a stray per cent sign.
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
