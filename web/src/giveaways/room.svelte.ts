import { newId, newSecret } from '../api/ids';
import { isAbort } from '../api/client';
import { hasCode } from '../api/words';
import type { RoomMessage } from '../live/connection';
import { live } from '../live/live.svelte';
import { seeDraw } from './commitments';
import { Countdown } from './countdown';
import { endedBefore, forgetEnded, rememberEnded, type Ended } from './ended';
import { dropParticipation, keepParticipation, participationIn, type Participation } from './keeping';
import * as api from './public';
import type { AttemptAnswer, OwnEntry, PublicGiveaway, Winner } from './types';

/** How often it is asked while nothing is pushed, or while something is about to happen. */
const POLL_MS = 4000;
/** After the end the server takes a moment; everybody asks at another one. */
const SPREAD_MS = 1500;
const MOST_WINNERS = 100;

/** One giveaway as a participant sees it: read at every connect, then kept fresh by its room (RT-12). */
export class GiveawayRoom {
  giveaway = $state.raw<PublicGiveaway | null>(null);
  winners = $state.raw<readonly Winner[]>([]);
  own = $state.raw<OwnEntry | null>(null);
  /** What this browser knows before any answer: shown until the server says otherwise. */
  ended = $state.raw<Ended | null>(null);
  kept = $state.raw<Participation | null>(null);
  error = $state.raw<unknown>(null);
  missing = $state(false);
  leftMs = $state(0);
  startsMs = $state(0);
  /** Said aloud to those who cannot see the list grow. */
  said = $state('');

  readonly #toEnd = new Countdown((left) => (this.leftMs = left));
  readonly #toStart = new Countdown((left) => (this.startsMs = left));
  readonly #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The reels run: nothing may tell their end before they do. */
  #rolling = false;
  #leave: () => void = () => undefined;

  constructor(readonly id: string) {
    this.ended = endedBefore(id);
    this.kept = participationIn(id);
    this.#toEnd.onExpire = this.#toStart.onExpire = () => this.#soon();
  }

  start(): void {
    this.#leave = live.inRoom((message) => this.#hear(message));
    live.want({ board: null, symbols: [], room: this.id });
    document.addEventListener('visibilitychange', this.#seen);
    void this.hydrate();
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
    this.#leave();
    this.#toEnd.stop();
    this.#toStart.stop();
    document.removeEventListener('visibilitychange', this.#seen);
    live.want({ room: null });
  }

  get isOver(): boolean {
    return this.giveaway !== null && ['drawing', 'past', 'cancelled'].includes(this.giveaway.state);
  }

  /** Reads everything anew. The server's word replaces what is shown, and what is counted down to (FE-05). */
  async hydrate(): Promise<void> {
    if (this.#rolling) return;
    const signal = this.#stop.signal;
    const askedAt = Date.now();
    try {
      const [giveaway, winners, own] = await Promise.all([
        api.read(this.id, signal), api.winners(this.id, null, signal), this.#readOwn(signal),
      ]);
      this.#show(giveaway, askedAt);
      [this.winners, this.own, this.error, this.missing] = [winners.data, own, null, false];
    } catch (reason) {
      if (isAbort(reason) || signal.aborted) return;
      this.missing = hasCode(reason, 'unknown_giveaway');
      this.error = reason;
    }
    this.#schedule();
  }

  async register(name: string, contact: string): Promise<void> {
    const again = this.kept?.name === name && this.kept.contact === contact ? this.kept.secret : newSecret();
    this.#keep({ secret: again, name, contact });
    const { participant, token } = await api.register(this.id, { name, contact, acceptsTerms: true, secret: again });
    this.#keep({ secret: again, name, contact, participant, token });
    await this.hydrate();
  }

  async leave(): Promise<void> {
    if (this.kept?.token) await api.leave(this.id, this.kept.token);
    dropParticipation(this.id);
    this.kept = null;
    await this.hydrate();
  }

  /** Tries to win. One whose answer was lost is the same attempt again, also after a reload. */
  async attempt(): Promise<AttemptAnswer> {
    const kept = this.kept;
    if (!kept?.token) throw new Error('Register first.');
    const wanted = kept.attempt ?? { id: newId('ATTEMPT'), clientSeed: newSecret().slice(0, 16) };
    this.#keep({ ...kept, attempt: wanted });
    this.#rolling = true;
    const answer = await api.attempt(this.id, kept.token, wanted);
    this.#keep({ ...kept, attempt: undefined });
    return answer;
  }

  /** The reels have stopped, or will not run: what was held back is shown. */
  async attempted(): Promise<void> {
    this.#rolling = false;
    await this.hydrate();
  }

  async claim(prize: string, phone?: string): Promise<api.ClaimAnswer> {
    if (!this.kept?.token) throw new Error('Register first.');
    return api.claim(this.id, prize, this.kept.token, phone === undefined ? {} : { phone });
  }

  async #readOwn(signal: AbortSignal): Promise<OwnEntry | null> {
    const token = this.kept?.token;
    if (!token) return null;
    try {
      return await api.own(this.id, token, signal);
    } catch (reason) {
      if (!hasCode(reason, 'invalid_participant')) throw reason;
      // The server knows nothing of it: what is kept here is of another time.
      dropParticipation(this.id);
      this.kept = null;
      return null;
    }
  }

  #show(giveaway: PublicGiveaway, askedAt: number): void {
    this.giveaway = giveaway;
    seeDraw(this.id, giveaway.draw, giveaway.state !== 'scheduled', Date.now());
    const running = giveaway.state === 'scheduled' || giveaway.state === 'active';
    if (running) {
      this.#toEnd.hydrate(giveaway.remainingTimeSeconds, askedAt);
      this.#toStart.hydrate(giveaway.startsInSeconds, askedAt);
      forgetEnded(this.id);
      this.ended = null;
      return;
    }
    this.#toEnd.stop();
    this.#toStart.stop();
    [this.leftMs, this.startsMs] = [0, 0];
    this.ended = { id: this.id, title: giveaway.title, state: giveaway.state as Ended['state'] };
    rememberEnded(this.ended);
  }

  #hear({ kind, message }: RoomMessage): void {
    if (message.giveaway !== this.id) return;
    if (kind === 'giveaway.winner') this.#heardWinner(message.data as Winner);
    else this.#soon();
  }

  #heardWinner(winner: Winner): void {
    // The same may be told twice, and may have been read already.
    const known = this.winners.some((each) => each.prize === winner.prize && each.round === winner.round);
    const own = winner.participant === this.kept?.participant;
    if (known || (own && this.#rolling)) return;
    this.winners = [winner, ...this.winners].slice(0, MOST_WINNERS);
    this.said = `${winner.name} has won ${winner.prizeTitle}.`;
    const { giveaway } = this;
    if (giveaway && winner.round === 0) {
      this.giveaway = { ...giveaway, prizesLeft: Math.max(0, giveaway.prizesLeft - 1) };
    }
    if (own) void this.hydrate();
  }

  readonly #seen = (): void => {
    // The tab may have slept for hours.
    if (!document.hidden) void this.hydrate();
  };

  // Thousands hear of the same change at the same moment: they do not all ask at once.
  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.hydrate(), Math.random() * SPREAD_MS);
  }

  // What is pushed need not be asked for. Between the end and the last winner anything may come, so it is asked anyway.
  #schedule(): void {
    clearTimeout(this.#timer);
    const waiting = this.leftMs === 0 && this.giveaway?.state !== 'past' && this.giveaway?.state !== 'cancelled';
    const due = this.startsMs === 0 && this.giveaway?.state === 'scheduled';
    if (live.state !== 'live' || this.error !== null || waiting || due) {
      this.#timer = setTimeout(() => void this.hydrate(), POLL_MS);
    }
  }

  #keep(kept: Participation): void {
    keepParticipation(this.id, kept);
    this.kept = kept;
  }
}
