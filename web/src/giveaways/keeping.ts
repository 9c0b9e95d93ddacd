/** What this browser keeps of a participation: the token is shown once, so it must survive a reload. */

const PREFIX = 'finvault.participant.';

export interface Participation {
  /** Chosen before the first try, so that a registration whose answer was lost can be sent again. */
  secret: string;
  name: string;
  contact: string;
  participant?: string;
  token?: string;
  /** An attempt that was sent and whose answer has not come. Sent again, it gets the same answer. */
  attempt?: { id: string; clientSeed: string } | undefined;
}

export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function participationIn(giveaway: string, store: Store = localStorage): Participation | null {
  try {
    const kept = JSON.parse(store.getItem(PREFIX + giveaway) ?? 'null') as Participation | null;
    return typeof kept?.secret === 'string' ? kept : null;
  } catch (error) {
    console.info('No participation could be read:', error);
    return null;
  }
}

/** Throws where the browser keeps nothing: better no registration than one whose prizes cannot be claimed. */
export function keepParticipation(giveaway: string, kept: Participation, store: Store = localStorage): void {
  store.setItem(PREFIX + giveaway, JSON.stringify(kept));
}

export function dropParticipation(giveaway: string, store: Store = localStorage): void {
  store.removeItem(PREFIX + giveaway);
}
