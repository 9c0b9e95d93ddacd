import { moneyInput, parseMoney } from '../money/money';
import { fromLocalInput, toLocalInput } from './time';
import type { Mode, Plan, PrizeKind } from './types';

/** A plan as its form holds it: what is typed, before it is anything. */
export interface Draft {
  title: string;
  description: string;
  terms: string;
  mode: Mode;
  starts: string;
  ends: string;
  currency: string;
  lines: DraftLine[];
  maxParticipants: number;
  prizesPerParticipant: number;
  claimHours: number;
  runnersUp: number;
  minPoints: number;
  attempts: number;
  expectedAttempts: number;
  capPercent: number;
  finalWindowSeconds: number;
}

export interface DraftLine {
  /** Of the form's row alone. */
  key: number;
  title: string;
  kind: PrizeKind;
  cardId: string;
  amount: string;
  quantity: number;
  /** The server's, once the draft was saved. */
  id?: string | null | undefined;
}

const MINUTE_MS = 60_000;
let lastKey = 0;

export function newLine(kind: PrizeKind): DraftLine {
  return { key: ++lastKey, title: '', kind, cardId: '', amount: '', quantity: 1 };
}

export function newDraft(now: number): Draft {
  const at = (minutes: number): string => `${toLocalInput(new Date(now + minutes * MINUTE_MS).toISOString()).slice(0, 16)}:00`;
  return {
    title: '', description: '', terms: '', mode: 'slotMachine', starts: at(10), ends: at(70), currency: 'INR',
    lines: [newLine('giftCard')], maxParticipants: 10_000, prizesPerParticipant: 1, claimHours: 72, runnersUp: 0,
    minPoints: 0, attempts: 3, expectedAttempts: 1_000, capPercent: 50, finalWindowSeconds: 60,
  };
}

export function draftOf(plan: Plan): Draft {
  const { title, description, terms, mode, currency, maxParticipants, prizesPerParticipant, claimHours, runnersUp } = plan;
  const fresh = newDraft(0);
  return {
    title, description, terms, mode, currency, maxParticipants, prizesPerParticipant, claimHours, runnersUp,
    minPoints: plan.minPoints, starts: toLocalInput(plan.startsAt), ends: toLocalInput(plan.endsAt),
    lines: plan.prizes.map((line) => ({
      key: ++lastKey, title: line.title, kind: line.kind, cardId: line.cardId ?? '', quantity: line.quantity,
      amount: moneyInput(line.amount, currency), id: line.id,
    })),
    attempts: plan.slots?.attemptsPerParticipant ?? fresh.attempts,
    expectedAttempts: plan.slots?.expectedAttempts ?? fresh.expectedAttempts,
    capPercent: plan.slots?.capPercent ?? fresh.capPercent,
    finalWindowSeconds: plan.slots?.finalWindowSeconds ?? fresh.finalWindowSeconds,
  };
}

/** The plan that a form says, or everything that keeps it from being one. The server knows the rest of the rules. */
export function planOf(draft: Draft): { plan: Plan | null; faults: string[] } {
  const [startsAt, endsAt] = [fromLocalInput(draft.starts), fromLocalInput(draft.ends)];
  const amounts = draft.lines.map((line) => parseMoney(line.amount, draft.currency));
  const faults = [
    ...(draft.title.trim().length < 3 ? ['Give it a title of 3 letters or more.'] : []),
    ...(startsAt === null || endsAt === null ? ['Say when it starts and when it ends.'] : []),
    ...(startsAt !== null && endsAt !== null && endsAt <= startsAt ? ['It ends after it starts.'] : []),
    ...(draft.lines.length === 0 ? ['Add a prize.'] : []),
    ...draft.lines.flatMap((line, index) => lineFaults(line, index + 1, amounts[index] ?? null)),
  ];
  if (faults.length > 0 || startsAt === null || endsAt === null) return { plan: null, faults };
  const slots = draft.mode === 'slotMachine';
  return {
    faults,
    plan: {
      title: draft.title.trim(), description: draft.description.trim(), terms: draft.terms.trim(), mode: draft.mode,
      startsAt, endsAt, currency: draft.currency, maxParticipants: draft.maxParticipants,
      prizesPerParticipant: slots ? draft.prizesPerParticipant : 1, claimHours: draft.claimHours,
      runnersUp: draft.runnersUp, odds: 'equal', minPoints: draft.mode === 'condition' ? draft.minPoints : 0,
      prizes: draft.lines.map((line, index) => ({
        title: line.title.trim(), kind: line.kind, amount: amounts[index] ?? 0, quantity: line.quantity,
        ...(line.kind === 'giftCard' ? { cardId: line.cardId } : {}), ...(line.id ? { id: line.id } : {}),
      })),
      slots: slots ? {
        attemptsPerParticipant: draft.attempts, expectedAttempts: draft.expectedAttempts, capPercent: draft.capPercent,
        finalWindowSeconds: draft.finalWindowSeconds,
      } : null,
    },
  };
}

/** What all prizes cost in minor units, as far as their amounts can be read. */
export function valueOf(draft: Draft): number {
  return draft.lines.reduce((sum, line) => sum + (parseMoney(line.amount, draft.currency) ?? 0) * line.quantity, 0);
}

function lineFaults(line: DraftLine, number: number, amount: number | null): string[] {
  const prize = `Prize ${number}`;
  return [
    ...(line.kind === 'giftCard' && line.cardId === '' ? [`${prize}: choose a gift card.`] : []),
    ...(line.title.trim() === '' ? [`${prize}: say what it is.`] : []),
    ...(amount === null || amount === 0 ? [`${prize}: its amount is not one.`] : []),
    ...(Number.isInteger(line.quantity) && line.quantity > 0 ? [] : [`${prize}: there is one at least.`]),
  ];
}
