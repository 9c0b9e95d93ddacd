/** How often what is left is looked at. The display is never wrong by more than this. */
export const TICK_MS = 250;
/** An answer that took longer waited here, not at the server. */
const MOST_ON_THE_WAY_MS = 1000;

/**
 * Counts down to an instant that is set once for each hydration: what is shown is always target − now, never a number
 * that was decremented. So a tab that slept, or a timer that ran late, is right again with its next tick.
 */
export class Countdown {
  /** Called once when the time is over. Another one may be set at any time; the ticking does not notice. */
  onExpire: () => void = () => undefined;

  #targetMs: number | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly show: (leftMs: number) => void) {}

  /**
   * The server's word: so many seconds from when it spoke. Takes the place of any earlier one. It spoke at some moment
   * since it was asked; an answer that waited in a sleeping tab is as old as that.
   */
  hydrate(remainingSeconds: number, askedAtMs = Date.now()): void {
    const onTheWay = Math.min(Date.now() - askedAtMs, MOST_ON_THE_WAY_MS) / 2;
    this.#targetMs = askedAtMs + onTheWay + remainingSeconds * 1000;
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#targetMs = null;
  }

  #tick(): void {
    if (this.#targetMs === null) return;
    const left = Math.max(0, this.#targetMs - Date.now());
    this.show(left);
    if (left > 0) return;
    this.stop();
    this.onExpire();
  }
}

/** What is left as a clock shows it. Part of a second counts as one: `0:00` is the end, not the second before it. */
export function formatLeft(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24];
  const clock = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${days > 0 ? `${days} d ` : ''}${days > 0 || hours > 0 ? `${two(hours)}:` : ''}${clock}`;
}
