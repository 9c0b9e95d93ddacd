import { ApiError, isAbort } from '../api/client';
import * as api from './api';
import type { ConfirmedUpload, SignedUpload, UploadKind } from './api';
import { blockList, inParallel, missingBlocks, type Block } from './blocks';
import { sha256Of } from './digest';
import { forget, pendingOf, remember } from './pending';
import { put } from './put';
import { wordsOf } from './words';

export type ItemState = 'checking' | 'sending' | 'confirming' | 'done' | 'failed' | 'cancelled';

const FILES_AT_ONCE = 4;
const BLOCKS_AT_ONCE = 3;
/** A URL is renewed when less than this is left of it. */
const RENEW_MS = 60_000;

/** One file on its way. */
export class UploadItem {
  state = $state<ItemState>('checking');
  sent = $state(0);
  error = $state<string | null>(null);
  /** What was there already when the upload went on after a reload. */
  resumed = $state(0);
  url = $state<string | null>(null);
  readonly preview: string | null;
  #abort = new AbortController();
  /** Kept for another attempt: a large file takes seconds to read. */
  #sha256: string | null = null;

  constructor(
    readonly file: File, readonly kind: UploadKind, readonly entityId: string,
    readonly onDone: (confirmed: ConfirmedUpload) => void,
  ) {
    this.preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
  }

  get open(): boolean {
    return this.state === 'checking' || this.state === 'sending' || this.state === 'confirming';
  }

  get percent(): number {
    return this.state === 'done' ? 100 : Math.min(99, Math.floor((this.sent / Math.max(1, this.file.size)) * 100));
  }

  cancel(): void {
    this.#abort.abort(new DOMException('Cancelled.', 'AbortError'));
  }

  dispose(): void {
    this.cancel();
    if (this.preview !== null) URL.revokeObjectURL(this.preview);
  }

  async run(): Promise<void> {
    this.#abort = new AbortController();
    [this.state, this.error, this.sent] = ['checking', null, 0];
    try {
      const confirmed = await this.#upload(this.#abort.signal);
      [this.state, this.url] = ['done', confirmed.url];
      this.onDone(confirmed);
    } catch (error) {
      this.state = isAbort(error) ? 'cancelled' : 'failed';
      this.error = isAbort(error) ? null : wordsOf(error);
    }
  }

  async #upload(signal: AbortSignal): Promise<ConfirmedUpload> {
    const sha256 = (this.#sha256 ??= await sha256Of(this.file, () => undefined, signal));
    const declared = { kind: this.kind, entityId: this.entityId, bytes: this.file.size, sha256 };
    const signed = await this.#open(declared, signal);
    const pending = { ...declared, uploadId: signed.uploadId, name: this.file.name, startedAt: Date.now() };
    remember(pending, Date.now());
    this.state = 'sending';
    if (!signed.complete) await this.#send(signed, signal);
    this.state = 'confirming';
    try {
      const confirmed = await api.confirm(signed.objectKey, signal);
      forget(signed.uploadId, Date.now());
      return confirmed;
    } catch (error) {
      // What was refused has been removed: the next attempt is a new upload.
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) forget(signed.uploadId, Date.now());
      throw error;
    }
  }

  async #open(declared: Omit<api.UploadRequest, 'contentType'>, signal: AbortSignal): Promise<SignedUpload> {
    const known = pendingOf(declared, Date.now());
    if (known !== undefined) {
      try {
        return await api.resume(known.uploadId, signal);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500) throw error;
        forget(known.uploadId, Date.now());
      }
    }
    return api.presign({ ...declared, contentType: this.file.type }, signal);
  }

  async #send(signed: SignedUpload, signal: AbortSignal): Promise<void> {
    if (signed.blocks === null) {
      await put(signed.url, signed.headers, this.file, (sent) => (this.sent = sent), signal);
      return;
    }
    const plan = signed.blocks;
    const missing = missingBlocks(plan, this.file.size);
    let done = this.file.size - missing.reduce((sum, block) => sum + block.to - block.from, 0);
    this.resumed = this.sent = done;
    const under = new Map<string, number>();
    const show = (): void => {
      this.sent = done + [...under.values()].reduce((sum, sent) => sum + sent, 0);
    };
    let current = signed;
    const fresh = async (): Promise<string> => {
      if (Date.parse(current.expiresAt) - Date.now() < RENEW_MS) current = await api.resume(signed.uploadId, signal);
      return current.url;
    };
    await inParallel(missing, BLOCKS_AT_ONCE, async (block: Block) => {
      const url = `${await fresh()}&comp=block&blockid=${encodeURIComponent(block.id)}`;
      await put(url, {}, this.file.slice(block.from, block.to), (sent) => {
        under.set(block.id, sent);
        show();
      }, signal);
      under.delete(block.id);
      done += block.to - block.from;
      show();
    });
    await put(`${await fresh()}&comp=blocklist`, signed.headers, blockList(plan), () => undefined, signal);
  }
}

/** Files on their way, some at a time. */
export class UploadQueue {
  items = $state.raw<readonly UploadItem[]>([]);
  #running = 0;
  #waiting: UploadItem[] = [];

  add(item: UploadItem): void {
    this.items = [...this.items, item];
    this.start(item);
  }

  start(item: UploadItem): void {
    this.#waiting.push(item);
    this.#next();
  }

  remove(item: UploadItem): void {
    item.dispose();
    this.#waiting = this.#waiting.filter((each) => each !== item);
    this.items = this.items.filter((each) => each !== item);
  }

  dispose(): void {
    for (const item of this.items) item.dispose();
  }

  #next(): void {
    while (this.#running < FILES_AT_ONCE) {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      this.#running++;
      void item.run().finally(() => {
        this.#running--;
        this.#next();
      });
    }
  }
}
