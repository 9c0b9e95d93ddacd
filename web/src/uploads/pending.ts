import type { UploadKind } from './api';

/** An upload under way, remembered so that the same file, chosen again after a reload, goes on where it was. */
export interface Pending {
  uploadId: string;
  kind: UploadKind;
  entityId: string;
  name: string;
  bytes: number;
  sha256: string;
  startedAt: number;
}

const KEPT = 'finvault.uploads';
const MOST = 50;
/** The server forgets an upload after a day. */
const LIFE_MS = 24 * 3600 * 1000;

export type Keeper = Pick<Storage, 'getItem' | 'setItem'>;

/** What is remembered, newest first. */
export function pendingUploads(now: number, storage: Keeper = localStorage): Pending[] {
  const kept = JSON.parse(storage.getItem(KEPT) ?? '[]') as Pending[];
  return kept.filter((each) => now - each.startedAt < LIFE_MS);
}

export function remember(pending: Pending, now: number, storage: Keeper = localStorage): void {
  const others = pendingUploads(now, storage).filter((each) => each.uploadId !== pending.uploadId);
  storage.setItem(KEPT, JSON.stringify([pending, ...others].slice(0, MOST)));
}

export function forget(uploadId: string, now: number, storage: Keeper = localStorage): void {
  storage.setItem(KEPT, JSON.stringify(pendingUploads(now, storage).filter((each) => each.uploadId !== uploadId)));
}

/** The upload of exactly this file for this entity, if one is under way. */
export function pendingOf(
  file: Pick<Pending, 'kind' | 'entityId' | 'bytes' | 'sha256'>, now: number, storage: Keeper = localStorage,
): Pending | undefined {
  return pendingUploads(now, storage).find((each) => each.kind === file.kind && each.entityId === file.entityId
    && each.bytes === file.bytes && each.sha256 === file.sha256);
}
