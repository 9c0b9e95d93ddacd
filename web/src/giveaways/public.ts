import { request, urlOf } from '../api/client';
import type { Page } from '../ui/loaded.svelte';
import type { AttemptAnswer, DrawNotice, OwnEntry, PublicGiveaway, Ranked, Winner } from './types';
import type { DrawRecord } from './verify';

/** What participants and onlookers ask for. Who takes part shows the token of the registration. */

const TOKEN = 'X-Participant-Token';
const WINNERS = 50;

export interface RegistrationForm {
  name: string;
  contact: string;
  acceptsTerms: boolean;
  secret: string;
}

export interface Registered {
  participant: string;
  token: string;
}

const at = (id: string, rest = ''): string => `/public/giveaways/${encodeURIComponent(id)}${rest}`;
const shown = (token: string): Record<string, string> => ({ [TOKEN]: token });

export const read = (id: string, signal?: AbortSignal): Promise<PublicGiveaway> => request(at(id), { signal });

export const byCode = (code: string, signal?: AbortSignal): Promise<PublicGiveaway> =>
  request(`/public/join/${encodeURIComponent(code)}`, { signal });

export const winners = (id: string, cursor: string | null = null, signal?: AbortSignal): Promise<Page<Winner>> =>
  request(at(id, '/winners'), { query: { limit: WINNERS, cursor }, signal });

export const ranking = (id: string, cursor: string | null = null, signal?: AbortSignal): Promise<Page<Ranked>> =>
  request(at(id, '/ranking'), { query: { limit: 20, cursor }, signal });

export const register = (id: string, form: RegistrationForm): Promise<Registered> =>
  request(at(id, '/participants'), { method: 'POST', body: form });

export const own = (id: string, token: string, signal?: AbortSignal): Promise<OwnEntry> =>
  request(at(id, '/participants/me'), { headers: shown(token), signal });

export const leave = (id: string, token: string): Promise<void> =>
  request(at(id, '/participants/me'), { method: 'DELETE', headers: shown(token) });

export const attempt = (id: string, token: string, body: { id: string; clientSeed: string }): Promise<AttemptAnswer> =>
  request(at(id, '/attempts'), { method: 'POST', body, headers: shown(token) });

export interface ClaimAnswer {
  prize: string;
  /** The gift card's, with which a branch redeems it. */
  code?: string | null;
  state?: string;
}

export const claim = (id: string, prize: string, token: string, body: { phone?: string }): Promise<ClaimAnswer> =>
  request(at(id, `/prizes/${encodeURIComponent(prize)}/claim`), { method: 'POST', body, headers: shown(token) });

/** An image of the address to join at. */
export const qrUrl = (id: string): string => urlOf(at(id, '/qr'));

export type PublishedDraw = (DrawNotice & { state: 'committed' | 'closed' }) | (DrawRecord & { state: 'revealed' });

export const draw = (id: string, signal?: AbortSignal): Promise<PublishedDraw> => request(at(id, '/draw'), { signal });
