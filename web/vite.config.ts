import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { precompress } from './vite.precompress.ts';

const host = process.env['FINVAULT_HOST'] ?? 'http://127.0.0.1:7071';

// Without the chart library and what draws with it.
const SHARED = /\/src\/(ui|money|portfolio(?!\/(growthChart|Growth\.|Performance|Explanation))|api\/(words|ids)|giveaways\/(time|countdown)\.ts)/;

export default defineConfig({
  plugins: [svelte(), precompress()],
  build: {
    target: 'es2022',
    manifest: true,
    // A source map of the whole client would double what a first run writes.
    sourcemap: false,
    assetsInlineLimit: 0,
    // On a phone's network a request costs more than the few kilobytes that it could leave out: one style sheet, and
    // what the pages of an investor share in one piece.
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: 'investor', test: SHARED, minShareCount: 2 }],
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
