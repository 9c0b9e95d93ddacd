import { createHash } from 'node:crypto';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, createServer, type IndexHtmlTransformContext, type Plugin, type Rolldown } from 'vite';

type Bundle = NonNullable<IndexHtmlTransformContext['bundle']>;

/** The pages that the document shows by itself, and what the code of each is reached by. */
const PAGES: Record<string, readonly string[]> = {
  board: ['src/market/Board.svelte'],
  accounts: ['src/portfolio/PortfolioPage.svelte'],
  holdings: ['src/portfolio/HoldingsPage.svelte'],
};

/**
 * Makes a document that shows something before any script or style sheet is fetched: the styles inline, the first screens
 * as the client's own components draw them, and two small scripts (`early.ts`, `unfold.ts`), which a policy names by hash.
 */
export function shell(): Plugin {
  let root = '.';
  return {
    name: 'finvault-shell',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle }) {
        if (!bundle) throw new Error('There is nothing to make the document of.');
        const chunks = JSON.stringify(Object.fromEntries(
          Object.entries(PAGES).map(([page, sources]) => [page, filesOf(bundle, sources)])));
        const head = await inlineScript(root, 'src/app/early.ts', { CHUNKS: chunks });
        const foot = await inlineScript(root, 'src/app/unfold.ts', {});
        const drawn = Object.entries(await drawShells(root)).map(([id, body]) => `<template id="shell-${id}">${body}</template>`);
        // Functions: what is put in has dollar signs.
        return html
          .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
          .replace('<title>', () => `${policy(head, foot)}\n    <script>${head}</script>\n    <title>`)
          .replace('</head>', () => `  <style>${takeStyles(bundle)}</style>\n  </head>`)
          .replace('<div id="app"></div>', () => `${drawn.join('\n')}\n<div id="app"></div>\n<script>${foot}</script>`);
      },
    },
  };
}

/** What a page's code is in, less what the document names anyway. */
function filesOf(bundle: Bundle, sources: readonly string[]): string[] {
  const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
  const entry = chunks.find((one) => one.isEntry);
  const files = new Set<string>();
  const follow = (file: string): void => {
    if (files.has(file) || file === entry?.fileName || entry?.imports.includes(file)) return;
    files.add(file);
    chunks.find((one) => one.fileName === file)?.imports.forEach(follow);
  };
  for (const source of sources) {
    const chunk = chunks.find((one) => one.moduleIds.some((id) => id.endsWith(source)));
    if (!chunk) throw new Error(`${source} is in no piece of script.`);
    follow(chunk.fileName);
    for (const one of chunks) if (one.facadeModuleId?.endsWith(source)) follow(one.fileName);
  }
  return [...files].map((file) => `/${file}`);
}

/** The one style sheet, which is no file of its own any more. */
function takeStyles(bundle: Bundle): string {
  const sheets = Object.values(bundle).filter((one) => one.fileName.endsWith('.css'));
  const [sheet] = sheets;
  if (sheet?.type !== 'asset' || sheets.length !== 1) throw new Error(`There is to be one style sheet: ${sheets.length}.`);
  delete bundle[sheet.fileName];
  return String(sheet.source).trim();
}

async function inlineScript(root: string, source: string, define: Record<string, string>): Promise<string> {
  const [made] = (await build({
    root, configFile: false, logLevel: 'warn', define, publicDir: false,
    build: {
      write: false, target: 'es2022', modulePreload: false,
      rolldownOptions: { input: `${root}/${source}`, output: { format: 'iife' } },
    },
  }) as Rolldown.RolldownOutput).output;
  return made.code.trim();
}

/** Runs the components in Node.js. */
async function drawShells(root: string): Promise<Record<string, string>> {
  const server = await createServer({
    root, configFile: false, logLevel: 'warn', appType: 'custom', plugins: [svelte()],
    server: { middlewareMode: true, hmr: false, watch: null, ws: false }, optimizeDeps: { noDiscovery: true, include: [] },
  });
  try {
    const { shells } = (await server.ssrLoadModule('/src/app/shell.ts')) as typeof import('./src/app/shell.ts');
    return shells();
  } finally {
    await server.close();
  }
}

function policy(...scripts: string[]): string {
  const hashes = scripts.map((one) => `'sha256-${createHash('sha256').update(one).digest('base64')}'`);
  return `<meta http-equiv="content-security-policy" content="script-src 'self' ${hashes.join(' ')}" />`;
}
