/** How old a quote is and whether it may still be relied on. All times in milliseconds. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Without a connection for this long, no quote can be called fresh. */
export const DISCONNECTED_STALE_MS = 5 * SECOND;

export function ageOf(asOf: string, serverNow: number): number {
  return Math.max(0, serverNow - Date.parse(asOf));
}

export function formatAge(age: number): string {
  if (Number.isNaN(age)) return '–';
  if (age < MINUTE) return `${Math.floor(age / SECOND)}s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)}m`;
  if (age < DAY) return `${Math.floor(age / HOUR)}h`;
  return `${Math.floor(age / DAY)}d`;
}

/**
 * Stale when the server says so, or when without a connection nothing has been heard of it for five seconds. `heardAt` is
 * when the quote was last pushed or fetched.
 */
export function isStale(
  quoteStale: boolean, heardAt: number, disconnectedSince: number | null, now: number,
): boolean {
  if (quoteStale || disconnectedSince === null) return quoteStale;
  return now - Math.max(heardAt, disconnectedSince) > DISCONNECTED_STALE_MS;
}

const SKEW_TOLERANCE_MS = 3 * SECOND;

/**
 * The server's clock, judged from what it sends. A push is never from the future, so the newest `asOf` ever seen is a
 * lower bound of the server's time; the browser's own clock is believed unless a `Date` header contradicts it.
 */
export class ServerClock {
  #offset = 0;

  now(clientNow: number): number {
    return clientNow + this.#offset;
  }

  /** `date` is the Date header of an answer that has just arrived: seconds, so small differences say nothing. */
  observeDate(date: string, clientNow: number): void {
    const offset = Date.parse(date) - clientNow;
    if (Math.abs(offset) > SKEW_TOLERANCE_MS) this.#offset = offset;
  }

  /** Takes the newest `asOf` of a push that has just arrived and answers how far behind the client is. */
  observePush(asOfMs: number, clientNow: number): number {
    this.#offset = Math.max(this.#offset, asOfMs - clientNow);
    return this.now(clientNow) - asOfMs;
  }
}

/** Says when pushes arrive late again and again, rather than once. */
export class LagMeter {
  #lateSince: number | null = null;
  #late = 0;

  constructor(readonly limitMs = 2000, readonly pushes = 5, readonly durationMs = 3000) {}

  /** True when every one of the last pushes, over a while, was later than the limit. */
  observe(lagMs: number, now: number): boolean {
    if (lagMs <= this.limitMs) {
      this.reset();
      return false;
    }
    this.#lateSince ??= now;
    this.#late++;
    return this.#late >= this.pushes && now - this.#lateSince >= this.durationMs;
  }

  reset(): void {
    this.#lateSince = null;
    this.#late = 0;
  }
}
