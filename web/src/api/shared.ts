/** What the client and the head of its page (`app/early.ts`) must agree on. */

/** Keeps a quotes address short of what proxies cut off. */
export const QUOTES_PER_CALL = 50;

/** The board that every symbol is on. */
export const EVERYTHING = 'all';

/** Somewhere in this browser somebody has signed in: the cookie itself no script can see. */
export const SIGNED_IN = 'finvault.signed-in';

/** Held by the one tab that exchanges the refresh token. */
export const REFRESH_LOCK = 'finvault.refresh';
/** Since when one does. */
export const UNDER_WAY = 'finvault.refreshing';

/** Beside every call that gives or takes a refresh token. */
export const SESSION_COOKIE = { 'x-session-cookie': '1' } as const;
