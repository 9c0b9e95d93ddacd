import { getJson, request } from '../api/client';
import type { Page } from '../ui/loaded.svelte';

export interface Notice {
  id: string;
  kind: string;
  title: string;
  text: string;
  /** A page of this client, such as `#/wallet`. */
  link: string | null;
  at: string;
  readAt: string | null;
  importance: 'low' | 'normal' | 'high' | 'security';
  /** More than one where several were folded together. */
  count: number;
}

export const CHANNELS = ['inApp', 'email', 'telegram', 'push'] as const;
export type Channel = (typeof CHANNELS)[number];

export interface KindPreference {
  kind: string;
  title: string;
  channels: Channel[];
  locked: Channel[];
}

export interface QuietHours {
  from: string;
  to: string;
  holdUrgent: boolean;
}

export interface Preferences {
  timeZone: string;
  quietHours: QuietHours | null;
  kinds: KindPreference[];
}

export interface Device {
  id: string;
  channel: 'push' | 'telegram';
  name: string | null;
  at: string;
}

const BASE = '/notifications';
const at = (id: string): string => `${BASE}/${encodeURIComponent(id)}`;

export const notices = (show: 'all' | 'unread', cursor: string | null): Promise<Page<Notice>> => getJson(BASE, { show, cursor });
export const unread = (): Promise<{ unread: number }> => getJson(`${BASE}/unread`);
export const markRead = (id: string): Promise<Notice> => request(`${at(id)}/read`, { method: 'POST', body: {} });
export const markAll = (): Promise<{ marked: number }> => request(`${BASE}/read`, { method: 'POST', body: {} });

export const preferences = (): Promise<Preferences> => getJson(`${BASE}/preferences`);
export const savePreferences = (wanted: Preferences): Promise<Preferences> =>
  request(`${BASE}/preferences`, {
    method: 'PUT',
    body: { ...wanted, kinds: wanted.kinds.map(({ kind, channels }) => ({ kind, channels })) },
  });

export const devices = (): Promise<Page<Device>> => getJson(`${BASE}/devices`);
export const removeDevice = (id: string): Promise<void> =>
  request(`${BASE}/devices/${encodeURIComponent(id)}`, { method: 'DELETE' });
export const pushKey = (): Promise<{ publicKey: string }> => getJson(`${BASE}/push-key`);
export const addPush = (subscription: PushSubscriptionJSON, name: string): Promise<Device> =>
  request(`${BASE}/devices/push`, { method: 'POST', body: { endpoint: subscription.endpoint, keys: subscription.keys, name } });
export const addTelegram = (): Promise<{ code: string; link: string; expiresAt: string }> =>
  request(`${BASE}/devices/telegram`, { method: 'POST', body: {} });
