import Board from '../market/Board.svelte';
import type { Route } from './paths';

export const routes: readonly Route[] = [
  { pattern: /^\/?$/, nav: { label: 'Market', hash: '#/' }, load: () => Board },
  {
    pattern: /^\/symbol\/([^/]+)$/,
    load: async () => (await import('../market/SymbolPage.svelte')).default,
  },
  {
    pattern: /^\/feed$/,
    nav: { label: 'Feed', hash: '#/feed' },
    load: async () => (await import('../ops/FeedPage.svelte')).default,
  },
  {
    pattern: /^\/profile$/,
    nav: { label: 'Profile', hash: '#/profile' },
    load: async () => (await import('../profile/ProfilePage.svelte')).default,
  },
];
