import { request } from '../api/client';
import type { Page } from '../ui/loaded.svelte';

/** Tasks of condition mode: a host sets them, participants do them, their networks confirm them. */

export type TaskAction = 'follow' | 'like' | 'comment' | 'share' | 'join';

export interface Task {
  title: string;
  /** As the provider names it: lower-case letters, digits, hyphens. */
  network: string;
  action: TaskAction;
  /** The account, post or group. */
  target: string;
  points: number;
  id?: string | null;
}

export interface Completion {
  task: string;
  state: 'waiting' | 'active' | 'completed' | 'failed' | 'invalidated';
  points: number;
  handle: string;
  at: string;
  reason?: string | null;
}

const enc = encodeURIComponent;
const shown = (token: string): Record<string, string> => ({ 'X-Participant-Token': token });

export const read = async (id: string, signal?: AbortSignal): Promise<Task[]> =>
  (await request<{ tasks: Task[] }>(`/public/giveaways/${enc(id)}/tasks`, { signal })).tasks;

/** Its host's view, also while it is a draft. */
export const ofDraft = async (id: string, signal?: AbortSignal): Promise<Task[]> =>
  (await request<{ tasks: Task[] }>(`/giveaways/${enc(id)}/tasks`, { signal })).tasks;

export const set = async (id: string, tasks: readonly Task[]): Promise<Task[]> =>
  (await request<{ tasks: Task[] }>(`/giveaways/${enc(id)}/tasks`, { method: 'PUT', body: { tasks } })).tasks;

export const complete = (id: string, task: string, token: string, handle: string): Promise<Completion> =>
  request(`/public/giveaways/${enc(id)}/tasks/${enc(task)}/completions`, { method: 'POST', body: { handle }, headers: shown(token) });

export const own = async (id: string, token: string, signal?: AbortSignal): Promise<Completion[]> =>
  (await request<Page<Completion>>(`/public/giveaways/${enc(id)}/completions`, { headers: shown(token), signal })).data;

export const ACTIONS: Readonly<Record<TaskAction, string>> = {
  follow: 'Follow', like: 'Like', comment: 'Comment on', share: 'Share', join: 'Join',
};

export function newTask(): Task {
  return { title: '', network: 'instagram', action: 'follow', target: '', points: 10 };
}
