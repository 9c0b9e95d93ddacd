import type { User } from './session.svelte';

/** Roles that count only in a session in which a code of a second factor was shown. */
export const OPERATORS: readonly string[] = ['Admin', 'Auditor'];

/**
 * Whether somebody may come in where one of some roles is asked for: `in`, `out`, or what an operator does first:
 * set up a second factor (`setUp`), or show a code of the one that is there (`showCode`).
 */
export type Entry = 'in' | 'out' | 'setUp' | 'showCode';

type Comer = Pick<User, 'roles' | 'hasSecondFactor' | 'needsCodeToOperate'>;

/** @param roles Any of these may come in; whoever has signed in where none is named. */
export function entryOf(user: Comer | null, roles?: readonly string[]): Entry {
  if (user === null) return 'out';
  if (roles === undefined || user.roles.some((role) => roles.includes(role))) return 'in';
  return roles.some((role) => OPERATORS.includes(role)) ? (stepOf(user) ?? 'out') : 'out';
}

/** What keeps somebody from operating though they have a role for it; null where nothing does, or they have none. */
export function stepOf(user: Comer | null): 'setUp' | 'showCode' | null {
  if (!user?.needsCodeToOperate) return null;
  return user.hasSecondFactor ? 'showCode' : 'setUp';
}
