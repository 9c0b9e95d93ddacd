/** JSON shapes of /api/v1/giveaways and /api/v1/public/giveaways. Amounts are minor units, instants UTC. */

export type GiveawayState = 'draft' | 'scheduled' | 'active' | 'drawing' | 'past' | 'cancelled';
export type Mode = 'draw' | 'condition' | 'slotMachine';
export type PrizeKind = 'giftCard' | 'airtime';

export interface PrizeLine {
  title: string;
  kind: PrizeKind;
  amount: number;
  quantity: number;
  cardId?: string | null;
  /** The server's; kept in an edit. */
  id?: string | null;
}

export interface SlotPlan {
  attemptsPerParticipant: number;
  expectedAttempts: number;
  capPercent: number;
  finalWindowSeconds: number;
}

export interface Plan {
  title: string;
  mode: Mode;
  startsAt: string;
  endsAt: string;
  currency: string;
  prizes: PrizeLine[];
  description: string;
  terms: string;
  maxParticipants: number;
  prizesPerParticipant: number;
  claimHours: number;
  runnersUp: number;
  odds: 'equal' | 'weighted';
  minPoints: number;
  slots?: SlotPlan | null;
}

export interface Funding {
  run: number;
  state: 'running' | 'done' | 'failed';
  failure?: string | null;
  unreleased?: string[] | null;
}

/** Rules and commitment, published before the start. */
export interface DrawNotice {
  scheme: string;
  state: 'committed' | 'closed' | 'revealed';
  rules: DrawRules;
  commitment: string;
  committedAt: string;
  closedAt?: string | null;
  entryRoot?: string | null;
  entryCount?: number | null;
}

export interface DrawRules {
  giveaway: string;
  mode: Mode;
  odds: 'equal' | 'weighted';
  prizes: string[];
  runnersUp: number;
  minPoints: number;
  beacon?: { chain: string; genesisSeconds: number; periodSeconds: number; round: number } | null;
  slots?: {
    startMilliseconds: number; endMilliseconds: number; finalWindowMilliseconds: number; expectedAttempts: number;
    capPerBillion: number;
  } | null;
}

/** A giveaway as its host sees it. */
export interface Giveaway {
  id: string;
  state: GiveawayState;
  paused: boolean;
  revision: number;
  plan: Plan;
  prizeCount: number;
  value: number;
  funding?: Funding | null;
  remainingTimeSeconds: number;
  startsInSeconds: number;
  changedAt: string;
  claimBy?: string | null;
  cancelReason?: string | null;
  joinCode?: string | null;
  draw?: DrawNotice | null;
}

export interface Dashboard {
  asOf: string;
  entries: number;
  attempts: number;
  winners: number;
  claimed: number;
  released: number;
  prizes: {
    kind: PrizeKind; currency: string; count: number; value: number; won: number; wonValue: number; claimed: number;
    claimedValue: number;
  }[];
  series: { at: string; entries: number; attempts: number; winners: number }[];
}

export interface PublicPrize {
  id: string;
  title: string;
  kind: PrizeKind;
  amount: number;
  currency: string;
  quantity: number;
  imageUrl?: string | null;
}

/** A giveaway as everybody sees it. */
export interface PublicGiveaway {
  id: string;
  title: string;
  description: string;
  terms: string;
  mode: Mode;
  state: GiveawayState;
  paused: boolean;
  startsAt: string;
  endsAt: string;
  remainingTimeSeconds: number;
  startsInSeconds: number;
  takesEntries: boolean;
  participants: number;
  maxParticipants: number;
  prizes: PublicPrize[];
  prizeCount: number;
  prizesLeft: number;
  prizesPerParticipant: number;
  attemptsPerParticipant: number;
  claimHours: number;
  joinCode: string;
  cancelReason?: string | null;
  imageUrl?: string | null;
  draw: DrawNotice;
}

export interface Winner {
  participant: string;
  name: string;
  prize: string;
  prizeTitle: string;
  at: string;
  round: number;
  lost?: boolean;
}

/** A place in the ranking of condition mode. Who is equal has the same. */
export interface Ranked {
  rank: number;
  participant: string;
  name: string;
  points: number;
  completedAt: string;
}

/** To be checked once the seed is public. */
export interface SlotReceipt {
  scheme: string;
  giveaway: string;
  participant: string;
  number: number;
  clientSeed: string;
  atMilliseconds: number;
  attempts: number;
  awarded: number;
  due: number;
  expected: number;
  chancePerBillion: number;
  rollPerBillion: number;
  prize?: string | null;
  seal: string;
}

export interface AttemptAnswer {
  id: string;
  won: boolean;
  soldOut: boolean;
  prize?: string | null;
  prizeTitle?: string | null;
  receipt?: SlotReceipt | null;
}

export interface OwnPrize {
  prize: string;
  title: string;
  kind: PrizeKind;
  amount: number;
  currency: string;
  state: 'open' | 'won' | 'claimed' | 'released';
  wonAt?: string | null;
  claimBy?: string | null;
  claimedAt?: string | null;
}

export interface OwnEntry {
  participant: string;
  name: string;
  at: string;
  attemptsMade: number;
  attemptsLeft: number;
  points: number;
  attempts: AttemptAnswer[];
  prizes: OwnPrize[];
}

export const MODES: Readonly<Record<Mode, { label: string; about: string }>> = {
  draw: { label: 'Draw', about: 'Winners are drawn among all who registered, when it ends.' },
  condition: { label: 'Tasks and points', about: 'Participants earn points; the highest ranks win when it ends.' },
  slotMachine: { label: 'Slot machine', about: 'Participants try their luck while it runs; prizes fall one by one.' },
};

export const STATES: Readonly<Record<GiveawayState, string>> = {
  draft: 'Draft', scheduled: 'Scheduled', active: 'Running', drawing: 'Drawing', past: 'Past', cancelled: 'Cancelled',
};

export const KINDS: Readonly<Record<PrizeKind, string>> = { giftCard: 'Gift card', airtime: 'Airtime' };
