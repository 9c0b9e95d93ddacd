/** What this browser saw of a draw before its reveal. Only that proves that nothing was changed afterwards. */

const PREFIX = 'finvault.commitment.';

export interface SeenDraw {
  commitment: string;
  /** When it was seen. */
  seenAt: string;
  entryRoot?: string;
}

type Store = Pick<Storage, 'getItem' | 'setItem'>;

export function seenDraw(giveaway: string, store: Store = localStorage): SeenDraw | null {
  try {
    const kept = JSON.parse(store.getItem(PREFIX + giveaway) ?? 'null') as SeenDraw | null;
    return typeof kept?.commitment === 'string' ? kept : null;
  } catch (error) {
    console.info('No commitment could be read:', error);
    return null;
  }
}

/**
 * Keeps what is published. Before the start a host may move the times, which makes a new commitment, openly; from the
 * start on, the first one that was seen stays, whatever the server says later.
 */
export function seeDraw(
  giveaway: string, draw: { state: string; commitment: string; entryRoot?: string | null }, started: boolean, now: number,
  store: Store = localStorage,
): void {
  // What is first seen after the reveal proves nothing.
  if (draw.state === 'revealed') return;
  const kept = seenDraw(giveaway, store);
  const commitment = started ? (kept?.commitment ?? draw.commitment) : draw.commitment;
  const same = kept?.commitment === commitment;
  const entryRoot = kept?.entryRoot ?? draw.entryRoot ?? undefined;
  if (same && kept?.entryRoot === entryRoot) return;
  const seen: SeenDraw = {
    commitment, seenAt: same && kept ? kept.seenAt : new Date(now).toISOString(),
    ...(entryRoot === undefined ? {} : { entryRoot }),
  };
  try {
    store.setItem(PREFIX + giveaway, JSON.stringify(seen));
  } catch (error) {
    console.info('The commitment is not kept:', error);
  }
}
