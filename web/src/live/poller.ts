import type { Quote } from '../api/types';

/** How often prices are fetched while nothing is pushed. Shorter than the time after which a quote counts as stale. */
export const POLL_MS = 3000;

/** Fetches quotes again and again while there is no live connection, so that prices go on, if less often. */
export class QuotePoller {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #round = 0;

  /** `take` gets the quotes, or null where they could not be fetched. */
  constructor(
    private readonly fetchQuotes: () => Promise<Quote[]>,
    private readonly take: (quotes: Quote[] | null) => void,
  ) {}

  /** Begins with the first fetch after one interval: a hiccup of the connection costs no request. */
  start(): void {
    if (this.#timer === null) this.#schedule();
  }

  stop(): void {
    this.#round++;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(): void {
    const round = this.#round;
    this.#timer = setTimeout(() => void this.#poll(round), POLL_MS);
  }

  async #poll(round: number): Promise<void> {
    const quotes = await this.fetchQuotes().catch(() => null);
    // Stopped meanwhile: what is pushed now is newer.
    if (round !== this.#round) return;
    this.take(quotes);
    this.#schedule();
  }
}
