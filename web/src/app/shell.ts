import { render } from 'svelte/server';
import type { Component } from 'svelte';
import type { Shell } from '../api/early';
import { session } from '../identity/session.svelte';
import Board from '../market/Board.svelte';
import HoldingsPage from '../portfolio/HoldingsPage.svelte';
import PortfolioPage from '../portfolio/PortfolioPage.svelte';
import App from './App.svelte';
import type { PageProps } from './paths';

/** Stands for an account's id; the document puts the one in that it was opened with. */
export const ANY_ACCOUNT = 'PACC_0';

const PAGES: Record<Shell, { opened: string; first: Component<PageProps> | null }> = {
  board: { opened: '#/', first: Board },
  accounts: { opened: '#/portfolio', first: PortfolioPage },
  holdings: { opened: `#/portfolio/${ANY_ACCOUNT}`, first: HoldingsPage },
  other: { opened: '#/profile', first: null },
};

/**
 * What the client's own components show before any data is here, as HTML by the id of its template: `board`, and
 * `board-in` where it is not known yet who has signed in. For the build (`vite.shell.ts`).
 */
export function shells(): Record<string, string> {
  const drawn: Record<string, string> = {};
  for (const restoring of [false, true]) {
    session.restoring = restoring;
    for (const [name, props] of Object.entries(PAGES)) {
      drawn[restoring ? `${name}-in` : name] = render(App, { props }).body;
    }
  }
  return drawn;
}
