import { isAbort } from '../api/client';

/** Something that is read from the server: what came last, what went wrong, and whether it is being read. */
export class Loaded<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  loading = $state(true);

  #abort: AbortController | null = null;

  constructor(private readonly read: (signal: AbortSignal) => Promise<T>) {}

  /** Reads it (again). What is shown stays until the answer is there; an older answer never replaces a newer. */
  async load(): Promise<void> {
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    this.loading = true;
    try {
      const value = await this.read(abort.signal);
      if (abort.signal.aborted) return;
      [this.value, this.error, this.loading] = [value, null, false];
    } catch (reason) {
      if (abort.signal.aborted || isAbort(reason)) return;
      [this.error, this.loading] = [reason, false];
    }
  }

  stop(): void {
    this.#abort?.abort();
  }
}

export interface Page<T> {
  data: T[];
  nextCursor?: string | null;
}

/** A list that is read page by page. */
export class Listed<T> {
  rows = $state.raw<readonly T[]>([]);
  more = $state(false);
  error = $state.raw<unknown>(null);
  loading = $state(true);

  #cursor: string | null = null;
  #round = 0;

  constructor(private readonly read: (cursor: string | null) => Promise<Page<T>>) {}

  /** From the first page on. */
  load(): Promise<void> {
    this.#cursor = null;
    return this.#next([]);
  }

  next(): Promise<void> {
    return this.#next(this.rows);
  }

  async #next(before: readonly T[]): Promise<void> {
    const round = ++this.#round;
    this.loading = true;
    try {
      const page = await this.read(this.#cursor);
      if (round !== this.#round) return;
      this.#cursor = page.nextCursor ?? null;
      [this.rows, this.more, this.error] = [[...before, ...page.data], this.#cursor !== null, null];
    } catch (reason) {
      if (round === this.#round) this.error = reason;
    }
    if (round === this.#round) this.loading = false;
  }
}

/** Something that a person does: one at a time, with what went wrong the last time. */
export class Doing {
  busy = $state(false);
  error = $state.raw<unknown>(null);

  /** True when it was done. */
  async run(work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    [this.busy, this.error] = [true, null];
    try {
      await work();
      return true;
    } catch (reason) {
      if (!isAbort(reason)) this.error = reason;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
