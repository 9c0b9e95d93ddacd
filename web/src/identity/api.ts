import { getJson, request } from '../api/client';
import type { Page } from '../ui/loaded.svelte';
import { SESSION_COOKIE } from '../api/shared';
import type { Grant } from './exchange';

/** How far a sign-in has come: one of the three is there. */
export interface SignInAnswer {
  session: Grant | null;
  secondFactor?: { challenge: string; expiresAt: string } | null;
  link?: { linkToken: string; expiresAt: string; provider: string; email: string } | null;
}

export interface DemoUser {
  name: string;
  roles: string[];
  email: string;
  password: string;
}

export interface SessionView {
  sessionId: string;
  startedAt: string;
  seenAt: string;
  endsAt: string;
  method: 'password' | 'passwordAndCode' | 'provider' | 'providerAndCode';
  device: string | null;
  address: string | null;
  current: boolean;
}

export interface ApiKeyView {
  keyId: string;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
}

// Without the token of who may be signed in still: these make another session, or none.
const post = <T>(path: string, body: unknown): Promise<T> =>
  request(path, { method: 'POST', body, headers: SESSION_COOKIE, anonymous: true });

export const signIn = (email: string, password: string): Promise<SignInAnswer> => post('/auth/sign-in', { email, password });
export const signInWithCode = (challenge: string, code: string): Promise<SignInAnswer> =>
  post('/auth/sign-in/code', { challenge, code });
export const register = (email: string, password: string): Promise<void> => post('/auth/register', { email, password });
export const resend = (email: string): Promise<void> => post('/auth/verify/resend', { email });
export const verify = (token: string, password: string): Promise<SignInAnswer> => post('/auth/verify', { token, password });
export const forgot = (email: string): Promise<void> => post('/auth/password/forgot', { email });
export const reset = (token: string, newPassword: string): Promise<void> => post('/auth/password/reset', { token, newPassword });

const named = (provider: string): string => `/auth/oidc/${encodeURIComponent(provider)}`;
export const providers = (signal: AbortSignal): Promise<Page<{ name: string }>> => getJson('/auth/oidc', {}, signal);
export const start = (provider: string): Promise<{ authorizationUrl: string; binding: string }> =>
  post(`${named(provider)}/start`, {});
export const complete = (provider: string, code: string, state: string, binding: string): Promise<SignInAnswer> =>
  post(`${named(provider)}/complete`, { code, state, binding });
export const link = (linkToken: string, password: string): Promise<SignInAnswer> => post('/auth/link', { linkToken, password });
export const unlink = (provider: string): Promise<void> => request(named(provider), { method: 'DELETE' });

export const prove = (proof: { password?: string; code?: string }): Promise<void> =>
  request('/auth/step-up', { method: 'PUT', body: proof });
export const changePassword = (currentPassword: string | null, newPassword: string): Promise<Grant> =>
  request('/auth/password', { method: 'PUT', body: { currentPassword, newPassword }, headers: SESSION_COOKIE });

const FACTOR = '/auth/second-factor';
export const setUpFactor = (): Promise<{ secret: string; uri: string; qr: string }> => request(FACTOR, { method: 'PUT' });
export const confirmFactor = (code: string): Promise<{ codes: string[] }> =>
  request(`${FACTOR}/confirmation`, { method: 'PUT', body: { code } });
export const renewCodes = (): Promise<{ codes: string[] }> => request(`${FACTOR}/recovery-codes`, { method: 'PUT' });
export const removeFactor = (): Promise<void> => request(FACTOR, { method: 'DELETE' });

export const sessions = (): Promise<Page<SessionView>> => getJson('/auth/sessions');
export const endSession = (id: string): Promise<void> => request(`/auth/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
export const endOthers = (): Promise<void> => request('/auth/sessions', { method: 'DELETE' });

export const keys = (): Promise<Page<ApiKeyView>> => getJson('/auth/api-keys');
export const makeKey = (name: string, scopes: readonly string[], days: number): Promise<{ key: string }> =>
  request('/auth/api-keys', { method: 'POST', body: { name, scopes, days } });
export const deleteKey = (id: string): Promise<void> => request(`/auth/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' });

/** The made-up users of a local host that has some; none anywhere else. */
export async function demoUsers(signal: AbortSignal): Promise<DemoUser[]> {
  const response = await fetch('/dev/users', { signal });
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return response.ok && isJson ? ((await response.json()) as DemoUser[]) : [];
}
