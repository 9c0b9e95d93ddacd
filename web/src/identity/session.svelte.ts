import { ApiError, request, useSession } from '../api/client';
import { SIGNED_IN } from '../api/shared';
import { IN_BROWSER } from '../app/place';
import { Exchange, type Grant } from './exchange';

export interface TenantView {
  tenantId: string;
  name: string;
  roles: string[];
}

/** Who has signed in, as the API says it. */
export interface User {
  userId: string;
  tenantId: string;
  roles: string[];
  permissions: string[];
  email: string | null;
  hasPassword: boolean;
  hasSecondFactor: boolean;
  providers: string[];
  tenants: TenantView[];
  sessionId: string | null;
  /** They have an operator's role, which counts once a code of a second factor is shown. */
  needsCodeToOperate: boolean;
  /** What to call them where there is no room for an address. */
  name: string;
}

/** Where to go on after signing in, for the tab's life. */
const AFTER = 'finvault.after-sign-in';
/** A token is renewed so long before its end. */
const AHEAD_MS = 60_000;
/** Nobody touched the page for so long: then nothing is renewed for it, and the server ends the session in its time. */
const AWAY_MS = 10 * 60_000;

/**
 * Who is signed in. The access token is in this tab's memory only; the refresh token is a cookie that scripts cannot
 * read. What one tab does (signing in and out), the others follow.
 */
class Session {
  user = $state.raw<User | null>(null);
  /** Not known yet: the page has just been loaded. */
  restoring = $state(false);
  /** Why there is nobody any more, for the sign-in page. */
  ended = $state<string | null>(null);
  /** Another number: who is there has changed since the page was loaded. */
  changes = $state(0);
  /** Somebody is asked to prove once more who they are; the answer tells whether they did. */
  proving = $state.raw<((proven: boolean) => void) | null>(null);

  #grant: Grant | null = null;
  #heldSince = 0;
  #touched = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ready: Promise<void> = Promise.resolve();
  #proof: Promise<boolean> | null = null;
  readonly #exchange = new Exchange();

  constructor() {
    if (!IN_BROWSER) return;
    useSession({ token: () => this.#token(), renew: (stale) => this.#renew(stale), prove: () => this.#prove() });
    // The live connection waits for the token, so it is this user's from the start.
    if (localStorage.getItem(SIGNED_IN) !== null) this.#restore(() => undefined);
    addEventListener('storage', (event) => {
      if (event.key !== SIGNED_IN) return;
      if (event.newValue === null) this.#forget(null);
      else if (event.newValue !== this.#grant?.sessionId) this.#restore(() => this.changes++);
    });
    for (const kind of ['pointerdown', 'keydown', 'visibilitychange']) {
      addEventListener(kind, () => (this.#touched = Date.now()), { passive: true, capture: true });
    }
  }

  /** Goes on with the tokens of a sign-in. */
  async begin(grant: Grant): Promise<void> {
    this.#hold(grant);
    localStorage.setItem(SIGNED_IN, grant.sessionId);
    await this.reload();
    this.changes++;
  }

  /** Reads again who the user is and what they may. */
  async reload(): Promise<void> {
    const me = await request<Omit<User, 'name'>>('/auth/me');
    this.user = { ...me, name: me.email?.split('@')[0] ?? 'you' };
  }

  async signOut(): Promise<void> {
    try {
      await request('/auth/sign-out', { method: 'POST', headers: { 'x-session-cookie': '1' } });
    } catch (reason) {
      // It has ended already: that is what was wanted.
      if (!(reason instanceof ApiError) || reason.status !== 401) throw reason;
    }
    localStorage.removeItem(SIGNED_IN);
    this.#forget(null);
  }

  /** Notes the page that somebody was on when they had to sign in. */
  comeBackHere(): void {
    if (!/^#\/(sign-in|register|verify|forgot|reset)/.test(location.hash)) sessionStorage.setItem(AFTER, location.hash);
  }

  /** Asks for a code, after which an operator's role counts; false when none was shown. */
  async operate(): Promise<boolean> {
    return (await this.#prove()) && this.user?.needsCodeToOperate === false;
  }

  /** Leads to where somebody wanted to go before they signed in, or showed a code. */
  goOn(otherwise = '#/profile'): void {
    const wanted = sessionStorage.getItem(AFTER) ?? otherwise;
    sessionStorage.removeItem(AFTER);
    location.hash = wanted;
  }

  /** The dialog's answer. */
  proven(yes: boolean): void {
    this.proving?.(yes);
  }

  async #token(): Promise<string | null> {
    await this.#ready;
    const grant = this.#grant;
    if (grant === null) return null;
    // Not oftener than once a minute, should this clock be ahead of the server's.
    const soonOver = Date.parse(grant.accessExpiresAt) - Date.now() < AHEAD_MS / 2;
    return soonOver && Date.now() - this.#heldSince > AHEAD_MS ? this.#renew(grant.accessToken) : grant.accessToken;
  }

  /** The next token in the place of one that is over; null when the session is. */
  async #renew(stale: string): Promise<string | null> {
    if (this.#grant !== null && this.#grant.accessToken !== stale) return this.#grant.accessToken;
    const next = await this.#exchange.run();
    if (next === null) {
      const there = this.#grant !== null;
      localStorage.removeItem(SIGNED_IN);
      this.#forget(there ? 'Your session is over, or was ended from elsewhere. Sign in again.' : null);
      return null;
    }
    const other = this.user !== null && this.user.userId !== next.userId;
    this.#hold(next);
    if (other) await this.reload().then(() => this.changes++);
    return next.accessToken;
  }

  #restore(then: () => void): void {
    this.restoring = true;
    this.#ready = this.#exchange.run().then(async (grant) => {
      if (grant === null) {
        localStorage.removeItem(SIGNED_IN);
        this.#forget('Your session is over. Sign in again.');
        return;
      }
      this.#hold(grant);
      // Whoever asks for a token meanwhile need not wait until it is known whose it is.
      void this.reload().then(then, () => this.#forget('The server does not answer. Reload the page.'))
        .finally(() => (this.restoring = false));
    }).catch(() => {
      // Neither in nor out: the cookie is there still, and a reload tries again.
      this.ended = 'The server could not be asked whether you are signed in. Reload the page.';
    }).finally(() => {
      if (this.#grant === null) this.restoring = false;
    });
  }

  #hold(grant: Grant): void {
    [this.#grant, this.#heldSince, this.ended] = [grant, Date.now(), null];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#whenDue(grant), Math.max(AHEAD_MS, Date.parse(grant.accessExpiresAt) - Date.now() - AHEAD_MS));
  }

  #whenDue(grant: Grant): void {
    if (document.hidden || Date.now() - this.#touched > AWAY_MS) return;
    void this.#renew(grant.accessToken).catch(() => undefined);
  }

  #forget(why: string | null): void {
    clearTimeout(this.#timer);
    const there = this.#grant !== null || this.user !== null;
    [this.#grant, this.user, this.ended] = [null, null, why];
    this.proven(false);
    if (there) this.changes++;
  }

  #prove(): Promise<boolean> {
    return (this.#proof ??= new Promise<boolean>((resolve) => (this.proving = resolve)).finally(() => {
      [this.proving, this.#proof] = [null, null];
    }).then(async (proven) => {
      // A code also makes an operator of who has the role.
      if (proven && this.user?.needsCodeToOperate) await this.reload();
      return proven;
    }));
  }
}

export const session = new Session();
