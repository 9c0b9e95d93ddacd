import { getJson, request, type Query } from '../api/client';
import type { Page } from '../ui/loaded.svelte';

/** JSON shapes of the audit trail. */

export interface FieldChange {
  op: 'add' | 'replace' | 'remove';
  path: string;
  before?: unknown;
  after?: unknown;
}

export interface AuditLine {
  entity: string;
  version: number;
  kind: string;
  name: string;
  tenant?: string | null;
  actor: string;
  via: string;
  correlationId: string;
  at: string;
  hash: string;
  changes?: FieldChange[];
  details?: unknown;
  erased?: boolean;
}

export interface AuditCheck {
  intact: boolean;
  chains: number;
  lines: number;
  seals: number;
  firstBroken?: { entity: string; version: number; reason: string } | null;
  nextCursor?: string | null;
}

export interface Rollback {
  entity: string;
  version: number;
  currentVersion: number;
  changes: FieldChange[];
  kept: string[];
  tag?: string | null;
}

export interface Wanted {
  actor: string;
  entity: string;
  from: string | null;
  to: string | null;
}

const of = (entity: string, rest: string): string => `/audit/entities/${encodeURIComponent(entity)}${rest}`;

export function search(wanted: Wanted, cursor: string | null): Promise<Page<AuditLine>> {
  const query: Query = {
    actor: wanted.actor || null, entity: wanted.entity || null, from: wanted.from, to: wanted.to, cursor, limit: 50,
  };
  return getJson('/audit/records', query);
}

export const verify = (entity: string): Promise<AuditCheck> => getJson(of(entity, '/verify'));

/** All chains and then the seals, page by page, until something is broken or all has been looked at. */
export async function verifyAll(): Promise<AuditCheck> {
  const all: AuditCheck = { intact: true, chains: 0, lines: 0, seals: 0 };
  let cursor: string | null = null;
  do {
    const part: AuditCheck = await getJson('/audit/verify', { cursor, limit: 200 });
    all.chains += part.chains;
    all.lines += part.lines;
    all.seals += part.seals;
    if (!part.intact) return { ...all, intact: false, firstBroken: part.firstBroken ?? null };
    cursor = part.nextCursor ?? null;
  } while (cursor !== null);
  return all;
}

const back = (entity: string, version: number): string => of(entity, `/versions/${version}/rollback`);

export const preview = (entity: string, version: number): Promise<Rollback> => getJson(back(entity, version));

export const rollBack = (seen: Rollback): Promise<Rollback> =>
  request(back(seen.entity, seen.version), { method: 'POST', headers: { 'if-match': `"${seen.tag ?? ''}"` } });
