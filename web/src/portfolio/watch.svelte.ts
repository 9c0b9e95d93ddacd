import { isAbort } from '../api/client';
import { session } from '../identity/session.svelte';
import { live } from '../live/live.svelte';
import * as api from './api';
import { isOutdated, isSame, mergeOverview, type PortfolioUpdate } from './push';
import type { LiveWatch, Overview } from './types';

/** The server lets a watch last a minute. */
const SAY_AGAIN_MS = 40_000;
/** Without a push connection it is fetched this often. */
const FETCH_MS = 5_000;
/** What was recorded elsewhere is read as soon as a push tells of it, though not more often than this. */
const REREAD_MS = 2_000;

let early: Promise<LiveWatch> | null = null;

/** Asks while it is still being found out who has signed in; the answer is for the first watch that starts. */
export function lookAhead(): void {
  if (!session.restoring) return;
  early = api.watch();
  // Whoever waits for it is told.
  early.catch(() => undefined);
}

/** The portfolio while a page shows it: read once, then pushed, and read again whenever a push may have been missed. */
export class Watch {
  overview = $state.raw<Overview | null>(null);
  error = $state.raw<unknown>(null);
  /** When something was heard last (client clock). */
  heardAt = $state(0);

  #saidAt = 0;
  #connects = 0;
  /** A push was of other records than what is held. */
  #outdated = false;
  #abort: AbortController | null = null;
  readonly #missed: () => void;
  readonly #pushed: (update: PortfolioUpdate) => void;

  /**
   * `pushed` gets what comes; `missed` is called when something may have been, also without a push connection, and when
   * something was recorded: a push says only what prices change.
   */
  constructor(pushed: (update: PortfolioUpdate) => void = () => undefined, missed: () => void = () => undefined) {
    [this.#pushed, this.#missed] = [pushed, missed];
  }

  /** Until the returned function is called. */
  start(): () => void {
    this.#connects = live.connects;
    const silence = live.onPortfolio((update) => this.#take(update));
    const timer = setInterval(() => this.#look(), 1000);
    const look = (): void => this.#look();
    document.addEventListener('visibilitychange', look);
    void this.say();
    return () => {
      silence();
      document.removeEventListener('visibilitychange', look);
      clearInterval(timer);
      this.#abort?.abort();
    };
  }

  /** Says that it is looked at, and takes the answer as the truth. */
  async say(): Promise<void> {
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    this.#saidAt = Date.now();
    this.#outdated = false;
    try {
      const asked = early ?? api.watch(abort.signal);
      early = null;
      const { overview } = await asked;
      if (abort.signal.aborted) return;
      const recorded = this.overview !== null && !isSame(this.overview, overview);
      [this.overview, this.error, this.heardAt] = [overview, null, Date.now()];
      if (recorded) this.#missed();
    } catch (reason) {
      if (!abort.signal.aborted && !isAbort(reason)) this.error = reason;
    }
  }

  #take(update: PortfolioUpdate): void {
    if (this.overview) {
      this.#outdated ||= isOutdated(this.overview, update);
      this.overview = mergeOverview(this.overview, update);
    }
    this.heardAt = Date.now();
    this.#pushed(update);
  }

  #look(): void {
    if (document.hidden) return;
    const since = Date.now() - this.#saidAt;
    const reconnected = live.connects !== this.#connects;
    const silent = live.state !== 'live' && since > FETCH_MS;
    const outdated = this.#outdated && since > REREAD_MS;
    if (!reconnected && !silent && !outdated && since < SAY_AGAIN_MS) return;
    this.#connects = live.connects;
    void this.say();
    // Nothing was pushed to a page that could not be seen for longer than a watch lasts.
    if (reconnected || silent || since > 1.5 * SAY_AGAIN_MS) this.#missed();
  }
}
