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
  load: () => Component<PageProps> | Promise<Component<PageProps>>;
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
    if (found) return { route, params: found.slice(1).map(decode) };
  }
  return null;
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
