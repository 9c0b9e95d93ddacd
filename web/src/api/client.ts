import { takeEarly } from './early';
import type { Problem } from './types';

const BASE = '/api/v1';
const TIMEOUT_MS = 15_000;
const FILE_TIMEOUT_MS = 120_000;
/** A page that asks for much at once may be told to wait. So long it waits by itself; longer, its reader is told. */
const MOST_WAIT_SECONDS = 5;

/** An answer that was not a success, or no answer at all (`status` 0). */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
  }

  get status(): number {
    return this.problem.status;
  }
}

/** What calls need of who is signed in. */
export interface SessionSource {
  /** The access token; null where nobody is signed in. */
  token(): Promise<string | null>;
  /** Another one in the place of one that was refused; null when the session is over. */
  renew(stale: string): Promise<string | null>;
  /** Asks the user to prove once more who they are; false when they would not. */
  prove(): Promise<boolean>;
}

let source: SessionSource = {
  token: () => Promise.resolve(null), renew: () => Promise.resolve(null), prove: () => Promise.resolve(false),
};

/** Sign-in installs itself here; REST calls and the live connection both ask it for the bearer token. */
export function useSession(installed: SessionSource): void {
  source = installed;
}

export async function accessToken(): Promise<string> {
  return (await source.token()) ?? '';
}

let onServerDate: (date: string) => void = () => undefined;

/** Tells `listener` the Date header of every answer: what the server's clock says, to the second. */
export function useServerDates(listener: (date: string) => void): void {
  onServerDate = listener;
}

export type Query = Record<string, string | number | null | undefined>;

export function urlOf(path: string, query: Query = {}, base = BASE): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const text = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString();
  return base + path + (text === '' ? '' : `?${text}`);
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, in place of a body. */
  text?: string;
  /** Of the text. */
  type?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** A status beyond 2xx that carries an answer too. */
  alsoGood?: number | undefined;
  base?: string | undefined;
  /** Without the token of who is signed in. */
  anonymous?: boolean;
  /** It goes on when the page is left. */
  keepalive?: boolean;
  /** The answer is a file: it is given as a Blob. */
  file?: boolean;
}

/**
 * GETs JSON. Throws {@link ApiError} with the server's problem details, whatever went wrong. `alsoGood` is a status
 * beyond 2xx that carries an answer too.
 */
export function getJson<T>(
  path: string, query?: Query, signal?: AbortSignal, alsoGood?: number, base?: string,
): Promise<T> {
  return request(path, { query: query ?? {}, signal, alsoGood, base });
}

/** Sends JSON and answers what came back. Throws as {@link getJson} does. */
export function sendJson<T>(method: 'POST' | 'PUT', path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return request(path, { method, body, signal });
}

/**
 * Any call of the API; undefined where the answer has no body. A token that is over is renewed, and where the server wants
 * to be sure who it is, the user is asked; then the call is made once more. Throws as {@link getJson} does.
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const token = options.anonymous ? null : await source.token();
  try {
    return await call(path, options, token);
  } catch (error) {
    if (token === null || !(error instanceof ApiError)) throw error;
    const { code } = error.problem;
    if (code === 'invalid_token') {
      const next = await source.renew(token);
      if (next !== null) return call(path, options, next);
    } else if (code === 'step_up_required' && (await source.prove())) {
      return call(path, options, await source.token());
    }
    throw error;
  }
}

async function call<T>(path: string, options: RequestOptions, token: string | null): Promise<T> {
  const { method = 'GET', signal } = options;
  const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const timeout = AbortSignal.timeout(options.file ? FILE_TIMEOUT_MS : TIMEOUT_MS);
  const init: RequestInit = {
    method,
    headers: {
      accept: options.file ? '*/*' : 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': options.type ?? 'application/json' }),
      ...options.headers,
    },
    // Revalidated, never silently old: prices, and the Date header with them.
    ...(method === 'GET' ? { cache: 'no-cache' } : {}),
    ...(body === undefined ? {} : { body }),
    ...(options.keepalive ? { keepalive: true } : {}),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  };
  const url = urlOf(path, options.query, options.base);
  const send = (): Promise<Response> => (takeEarly(method, url) ?? fetch(url, init)).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError({ title: 'The server cannot be reached.', status: 0, code: 'unreachable' });
  });
  let response = await send();
  const wait = Number(response.headers.get('retry-after') ?? Infinity);
  if (response.status === 429 && method === 'GET' && wait <= MOST_WAIT_SECONDS) {
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    response = await send();
  }
  const date = response.headers.get('date');
  if (date !== null) onServerDate(date);
  if (!response.ok && response.status !== options.alsoGood) throw new ApiError(await problemOf(response));
  if (options.file) return (await response.blob()) as T;
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = { title: `The server answered ${response.status}.`, status: response.status };
  if (!(response.headers.get('content-type') ?? '').includes('json')) return fallback;
  return { ...fallback, ...((await response.json()) as Partial<Problem>) };
}

/** True for an answer that came after its asker left: nothing to report. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
