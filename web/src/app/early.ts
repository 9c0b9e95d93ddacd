// The first thing that a page runs, inline in its head. A phone has to wait for the document and then for the client's
// code; what the code will ask for is asked for here meanwhile, and its pieces are fetched side by side.
import type { Early, Shell } from '../api/early';
import { EVERYTHING, QUOTES_PER_CALL, REFRESH_LOCK, SESSION_COOKIE, SIGNED_IN, UNDER_WAY } from '../api/shared';

/** The pieces of script of each page, put here by the build. */
declare const CHUNKS: Record<string, readonly string[]>;

const BASE = '/api/v1';
const TIMEOUT_MS = 15_000;

const path = location.pathname === '/' ? location.hash.replace(/^#/, '') : '-';
const account = /^\/portfolio\/(PACC_[0-9A-Z]+)$/.exec(path)?.[1];
const shell: Shell = /^\/?$/.test(path) ? 'board' : path === '/portfolio' ? 'accounts' : account ? 'holdings' : 'other';
const answers = new Map<string, Promise<Response>>();
const under: Promise<unknown>[] = [];

/** `next` asks for what the answer leads to, before anybody gets the answer: so nobody else asks for that, too. */
function ask<T>(method: string, url: string, more: RequestInit = {}, next?: (body: T) => void): Promise<Response> {
  const asked = fetch(BASE + url, {
    method, signal: AbortSignal.timeout(TIMEOUT_MS), ...(method === 'GET' ? { cache: 'no-cache' } : {}), ...more,
    headers: { accept: 'application/json', ...more.headers },
  }).then(async (answer) => {
    if (answer.ok && next) next((await answer.clone().json()) as T);
    return answer;
  });
  // Whoever takes it is told.
  asked.catch(() => undefined);
  answers.set(`${method} ${BASE + url}`, asked);
  under.push(asked);
  return asked;
}

function askForPrices(): void {
  void ask<{ data: { symbol: string }[] }>('GET', '/market/symbols', {}, ({ data }) => {
    const symbols = data.length > QUOTES_PER_CALL ? '' : data.map((one) => one.symbol).join(',');
    const query = new URLSearchParams(symbols === '' ? { board: EVERYTHING } : { symbols }).toString();
    if (data.length > 0) void ask('GET', `/market/quotes?${query}`);
  });
}

// A refresh token is good once: only where no other tab is at it, and no page that was left. Else the client does it.
// Settles when it is on its way.
function askWhoIsThere(): Promise<void> {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks || localStorage.getItem(SIGNED_IN) === null || localStorage.getItem(UNDER_WAY) !== null) return Promise.resolve();
  const exchange = { method: 'POST', body: '{}', keepalive: true, headers: { ...SESSION_COOKIE, 'content-type': 'application/json' } };
  return new Promise((sent) => {
    under.push(locks.request(REFRESH_LOCK, { ifAvailable: true }, async (lock) => {
      if (lock === null) return sent();
      localStorage.setItem(UNDER_WAY, String(Date.now()));
      const answer = ask<{ accessToken: string }>('POST', '/auth/refresh', exchange, ({ accessToken }) => askAs(accessToken));
      sent();
      await answer.finally(() => localStorage.removeItem(UNDER_WAY));
    }));
  });
}

function askAs(token: string): void {
  const bearer = { headers: { authorization: `Bearer ${token}` } };
  void ask('GET', '/auth/me', bearer);
  if (account) {
    void ask('GET', `/portfolios/${account}`, bearer);
    void ask('GET', `/portfolios/${account}/holdings?status=open&limit=1000`, bearer);
  }
  if (account || shell === 'accounts') void ask('POST', '/portfolios/live', bearer);
}

/** Also what is asked for meanwhile. */
async function settled(): Promise<void> {
  for (let count = 0; count < under.length;) {
    count = under.length;
    await Promise.allSettled(under);
  }
}

function chooseTheme(): void {
  const { dataset } = document.documentElement;
  const theme = localStorage.getItem('finvault.theme');
  if (theme === 'light' || theme === 'dark') dataset['theme'] = theme;
  // It is in the browser's cache.
  if (localStorage.getItem('finvault.font') !== null) dataset['font'] = '';
}

function preload(): void {
  for (const href of CHUNKS[shell] ?? []) {
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', crossOrigin: '', href }));
  }
}

const early: Early = {
  answers, all: Promise.resolve(), asked: Promise.resolve(), shell, clicked: null, handOver: () => undefined,
};
globalThis.finvaultEarly = early;
try {
  // What takes longest goes first.
  early.asked = askWhoIsThere();
  if (shell === 'board') askForPrices();
  preload();
  chooseTheme();
  early.all = settled();
} catch (error) {
  // A browser that keeps nothing for a page: the client does without, too.
  console.info('Nothing was asked for ahead:', error);
}
