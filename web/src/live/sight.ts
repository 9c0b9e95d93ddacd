/** Somebody who looks elsewhere for a moment misses nothing. */
export const AWAY_MS = 30_000;

export interface Surroundings {
  hidden(): boolean;
  /** Runs it later; the answer takes that back. */
  later(run: () => void, ms: number): () => void;
}

/** Whether somebody sees this page: nobody does once it has been hidden for a while. */
export class Sight {
  away = false;
  #cancel: (() => void) | null = null;

  /** `changed` is told when the page is seen no more, and at once when it is seen again. */
  constructor(private readonly around: Surroundings, private readonly changed: (away: boolean) => void) {}

  /** The page was hidden or shown. */
  look(): void {
    this.#cancel?.();
    this.#cancel = this.around.hidden() && !this.away ? this.around.later(() => this.#set(true), AWAY_MS) : null;
    if (!this.around.hidden() && this.away) this.#set(false);
  }

  #set(away: boolean): void {
    this.away = away;
    this.changed(away);
  }
}
