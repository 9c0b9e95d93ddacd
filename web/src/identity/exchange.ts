import { ApiError, request, urlOf } from '../api/client';
import { isEarly } from '../api/early';
import { REFRESH_LOCK, SESSION_COOKIE, UNDER_WAY } from '../api/shared';

/** A session's tokens, as the API gives them to a browser: the refresh token went into a cookie. */
export interface Grant {
  accessToken: string;
  accessExpiresAt: string;
  sessionId: string;
  userId: string;
}

const REFRESH = '/auth/refresh';
/** An answer that the page before this one did not wait for has arrived by then. */
const SETTLED_MS = 1500;
const MOST_TRIES = 4;

/**
 * Exchanges the refresh token. Each is good once, and one that comes twice ends the session: so it is one at a time over
 * all tabs, and an exchange goes on when its page is left.
 */
export class Exchange {
  #running: Promise<Grant | null> | null = null;

  /** The next tokens, or null where the session is over. Throws where the server cannot say. */
  run(): Promise<Grant | null> {
    return (this.#running ??= this.#locked().finally(() => (this.#running = null)));
  }

  async #locked(): Promise<Grant | null> {
    // What the head of the page has asked under the lock is this tab's already: a phone would wait a while for the lock.
    if (isEarly('POST', urlOf(REFRESH))) {
      const answer = await ask();
      if (answer !== 'busy') return answer;
    }
    // There are no locks where a page came over plain HTTP from another machine.
    const locks = navigator.locks as LockManager | undefined;
    return locks ? locks.request(REFRESH_LOCK, () => this.#exchange()) : this.#exchange();
  }

  async #exchange(): Promise<Grant | null> {
    const begun = Number(localStorage.getItem(UNDER_WAY) ?? 0);
    const rest = begun + SETTLED_MS - Date.now();
    if (rest > 0 && rest <= SETTLED_MS) await pause(rest);
    for (let tries = 1; ; tries++) {
      localStorage.setItem(UNDER_WAY, String(Date.now()));
      try {
        const answer = await ask(tries === MOST_TRIES);
        if (answer !== 'busy') return answer;
        await pause(SETTLED_MS * tries);
      } finally {
        localStorage.removeItem(UNDER_WAY);
      }
    }
  }
}

/** `busy` where the server wants to be asked later, unless it was for the last time. */
async function ask(last = false): Promise<Grant | null | 'busy'> {
  try {
    return await request<Grant>(REFRESH, {
      method: 'POST', body: {}, headers: SESSION_COOKIE, anonymous: true, keepalive: true,
    });
  } catch (reason) {
    if (reason instanceof ApiError && reason.status === 401) return null;
    if (reason instanceof ApiError && reason.status === 429 && !last) return 'busy';
    throw reason;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
