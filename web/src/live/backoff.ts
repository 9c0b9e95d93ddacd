const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** Failed attempts in a row after which the client stops calling it a hiccup. */
export const OFFLINE_AFTER_ATTEMPTS = 4;

/**
 * How long to wait before attempt number `attempt` (from 0): doubling up to 15 s, of which a random half is taken off,
 * so that the clients of a restarted server do not all come back in the same instant. `random` is in [0, 1).
 */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(full * (1 - random / 2));
}
