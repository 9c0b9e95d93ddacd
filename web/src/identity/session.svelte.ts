import { getJson, useTokens } from '../api/client';

/** A made-up user of the local host, until people can sign in. */
export interface DemoUser {
  name: string;
  userId: string;
  tenantId: string;
  roles: string[];
}

interface DevelopmentToken {
  token: string;
  expiresAt: string;
  user: DemoUser;
}

const KEPT = 'finvault.development-sign-in';

/** Who is signed in. Kept for the tab's life, so that a reload stays signed in. */
class Session {
  #held = $state.raw<DevelopmentToken | null>(read());

  constructor() {
    useTokens(() => this.#held?.token ?? null);
  }

  get user(): DemoUser | null {
    return this.#held?.user ?? null;
  }

  /** The users to choose from; empty where there is no development sign-in, as in Azure. */
  async choices(signal: AbortSignal): Promise<DemoUser[]> {
    const response = await fetch('/dev/users', { signal });
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return response.ok && isJson ? ((await response.json()) as DemoUser[]) : [];
  }

  async signIn(name: string): Promise<void> {
    this.#held = await getJson<DevelopmentToken>('/token', { user: name }, undefined, undefined, '/dev');
    sessionStorage.setItem(KEPT, JSON.stringify(this.#held));
  }

  signOut(): void {
    this.#held = null;
    sessionStorage.removeItem(KEPT);
  }
}

function read(): DevelopmentToken | null {
  const kept = sessionStorage.getItem(KEPT);
  if (kept === null) return null;
  const token = JSON.parse(kept) as DevelopmentToken;
  return Date.parse(token.expiresAt) > Date.now() ? token : null;
}

export const session = new Session();
