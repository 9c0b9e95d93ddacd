import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { precompress } from './vite.precompress.ts';
import { shell } from './vite.shell.ts';

const host = process.env['FINVAULT_HOST'] ?? 'http://127.0.0.1:7071';

const within = (...places: string[]): string => String.raw`\/src\/(${places.join('|')})`;

// What every page stands on; not SignalR, which comes when the first screen is drawn.
const CORE = new RegExp([
  'preload-helper', String.raw`\/node_modules\/(svelte|esm-env|clsx)\/`,
  within(
    String.raw`main\.ts`, 'app', String.raw`live\/(?!hub)`, String.raw`identity\/(session|exchange|entry|arrival)`,
    String.raw`api\/(client|early|shared|market|types)`,
    String.raw`market\/((market|age|book|format|order|window|board)\.|StaleMark|SessionPill)`),
].join('|'));

// The first two screens of a portfolio: for these a phone is to fetch one piece.
const PORTFOLIO = new RegExp(within('ui', 'money', String.raw`api\/(words|ids)`, String.raw`identity\/OperatorStep`, [
  'PortfolioPage', 'Accounts', 'OpenAccount', 'AccountFrame', 'Holdings', 'HoldingsPage', 'HoldingTable', 'HoldingRow',
  'Allocation', 'Figures', 'Money', 'AsOf', 'figures', 'merge', 'choices', 'types', 'api', 'watch',
].map((name) => String.raw`portfolio\/${name}\.`).join('|')));

// Without the chart library and what draws with it.
const SHARED = new RegExp(within(
  'ui', 'money', String.raw`portfolio(?!\/(growthChart|Growth\.|Performance|Explanation))`, String.raw`api\/(words|ids)`,
  String.raw`giveaways\/(time|countdown)\.ts`));

export default defineConfig({
  plugins: [svelte(), shell(), precompress()],
  build: {
    target: 'es2022',
    manifest: true,
    // Browsers that do not know it load a moment later.
    modulePreload: { polyfill: false },
    // A source map of the whole client would double what a first run writes.
    sourcemap: false,
    assetsInlineLimit: 0,
    // On a phone's network a request costs more than the few kilobytes that it could leave out: one style sheet, and
    // what the pages of an investor share in one piece.
    cssCodeSplit: false,
    rolldownOptions: {
      // Which of the steps takes longest is nothing that a newcomer has to hear of.
      checks: { pluginTimings: false },
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'core', test: CORE, priority: 3 },
            { name: 'portfolio', test: PORTFOLIO, priority: 2 },
            { name: 'investor', test: SHARED, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: host, changeOrigin: false },
      '/dev/': { target: host, changeOrigin: false },
      '/client': { target: host, ws: true, changeOrigin: false },
    },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node', silent: 'passed-only' },
});
