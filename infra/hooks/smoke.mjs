#!/usr/bin/env node
// Is what was deployed alive? Asks what needs no account: the process, its dependencies, the API's description, a public
// list, a refusal where a user is needed, and the web client where there is one. Retries while the app starts.
// Usage: node smoke.mjs BASE_URL [SECONDS]. Ends with 0 when all is well.
import { argv, env } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

// Status and body; 000 when nobody answers. By its own name: FinVault lets a nameless program ask public routes five
// times a minute.
async function ask(url) {
  try {
    const answer = await fetch(url, {
      headers: { 'user-agent': 'finvault-smoke' }, redirect: 'manual', signal: AbortSignal.timeout(20_000),
    });
    return [String(answer.status), await answer.text()];
  } catch (failure) {
    return ['000', String(failure.cause?.message ?? failure.message)];
  }
}

/** Whether all is well at an address within so many seconds. Says so, line by line. */
export async function smoke(address, seconds = 180) {
  const base = address.replace(/\/$/, '');
  const until = Date.now() + seconds * 1000;
  const expect = async (status, path, text = '') => {
    for (;;) {
      const [got, body] = await ask(base + path);
      if (got === status && body.includes(text)) {
        console.log(`ok      ${path} (${status})`);
        return true;
      }
      if (Date.now() >= until) {
        console.error(`FAILED  ${path}: ${got} instead of ${status}${text && ` with ${text}`}\n${body.slice(0, 500)}`);
        return false;
      }
      await pause(2000);
    }
  };

  const well = await expect('200', '/api/v1/health/live', 'healthy')
    && await expect('200', '/api/v1/health', 'cosmos')
    && await expect('200', '/api/v1/openapi.json', '"openapi"')
    && await expect('200', '/api/v1/market/symbols')
    && await expect('401', '/api/v1/profile')
    && (Boolean(env.SMOKE_WITHOUT_WEB) || await expect('200', '/', '<div id="app">'));
  if (well) console.log(`All well at ${base}.`);
  return well;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  if (!argv[2]) {
    console.error('usage: node smoke.mjs BASE_URL [SECONDS]');
    process.exitCode = 2;
  } else {
    process.exitCode = await smoke(argv[2], argv[3] === undefined ? undefined : Number(argv[3])) ? 0 : 1;
  }
}
