// Checks a draw in the browser by docs/draw.md, with WebCrypto and nothing of the server's. Every section of that page
// is a function here. Whole numbers that may pass 2^53 are bigint.
import {
  below, bytes, fourBytes, hash, hex, leafHash, mac, numbersOf, rootByPath, sha256, treeRoot, utf8, SCHEME, type Bytes,
} from './hashes.ts';

export interface Entry { id: string; weight: number; points: number; completedAtMilliseconds: number }
export interface Pick { rank: number; entry: string; prize: string | null; index: number; proof: string[] }
export interface Beacon { chain: string; genesisSeconds: number; periodSeconds: number; round: number }
export interface Slots {
  startMilliseconds: number; endMilliseconds: number; finalWindowMilliseconds: number; expectedAttempts: number;
  capPerBillion: number
}
export interface Rules {
  giveaway: string; mode: 'draw' | 'condition' | 'slotMachine'; odds: 'equal' | 'weighted'; prizes: string[];
  runnersUp: number; minPoints: number; beacon: Beacon | null; slots: Slots | null
}
export interface Receipt {
  scheme: string; giveaway: string; participant: string; number: number; clientSeed: string; atMilliseconds: number;
  attempts: number; awarded: number; due: number; expected: number; chancePerBillion: number; rollPerBillion: number;
  prize: string | null; seal: string
}
export interface Replacement {
  number: number; kind: 'runnersUp' | 'reroll'; removed: string[]; reason: string; at: string; winners: Pick[]
}
export interface DrawRecord {
  scheme: string; rules: Rules; commitment: string; serverSeed: string; closedAt: string; entries: Entry[];
  entryRoot: string; beacon: { round: number; signature: string; randomness: string } | null; seed: string | null;
  winners: Pick[]; runnersUp: Pick[]; receipts: Receipt[]; replacements: Replacement[]
}

/** One step of the check, for people: what was looked at, and what came out. */
export interface Step { name: string; passed: boolean; detail: string }

/** What the page remembered from before the reveal, if it was there. */
export interface Kept { commitment?: string; entryRoot?: string }

const BILLION = 1_000_000_000n;

/** Every step of checking a record. A record that cannot be read is one failed step. */
export async function verifyDraw(record: DrawRecord, kept: Kept = {}): Promise<Step[]> {
  const steps: Step[] = [];
  try {
    await new DrawCheck(record, steps).run(kept);
  } catch (error) {
    steps.push({ name: 'record', passed: false, detail: `It cannot be read: ${String(error)}` });
  }
  return steps;
}

/** Checks one receipt against the revealed record. */
export async function verifyReceipt(record: DrawRecord, receipt: Receipt): Promise<Step> {
  const name = `receipt of ${receipt.participant}, attempt ${receipt.number}`;
  const fault = await receiptFault(record, receipt);
  const detail = fault ?? `rolled ${receipt.rollPerBillion}, chance ${receipt.chancePerBillion}`;
  return { name, passed: fault === null, detail };
}

class DrawCheck {
  private readonly out = new Set<string>();
  private readonly holders = new Map<number, string>();

  constructor(private readonly record: DrawRecord, private readonly steps: Step[]) {}

  async run(kept: Kept): Promise<void> {
    const { record } = this;
    this.step('scheme', record.scheme === SCHEME, record.scheme);
    const commitment = hex(await hash('commitment', bytes(record.serverSeed), utf8.encode(rulesText(record.rules))));
    this.equal('commitment', commitment, record.commitment);
    if (kept.commitment !== undefined) this.equal('commitment as it was before the start', commitment, kept.commitment);
    const root = await this.checkEntries();
    if (kept.entryRoot !== undefined) this.equal('root as it was at the close', root, kept.entryRoot);
    const seed = await this.checkSeed(root);
    await this.checkReceipts();
    await this.checkWinners(seed);
    await this.checkReplacements(seed);
  }

  private async checkEntries(): Promise<string> {
    const { entries, rules } = this.record;
    const ordered = entries.every((entry, i) => i === 0 || (entries[i - 1]?.id ?? '') < entry.id);
    const weighed = entries.every(({ weight }) => Number.isInteger(weight) && weight >= 1
      && weight <= (rules.odds === 'equal' ? 1 : 1_000_000));
    this.step('entries in order, none twice', ordered, `${entries.length} entries`);
    this.step('weights as the rules allow', weighed, rules.odds);
    const root = hex(await treeRoot(await Promise.all(entries.map(leafHash))));
    this.equal('root of the entries', root, this.record.entryRoot);
    const { winners, runnersUp, replacements } = this.record;
    const picks = [...winners, ...runnersUp, ...replacements.flatMap(one => one.winners)];
    for (const pick of picks) {
      const entry = entries[pick.index];
      const led = entry?.id === pick.entry ? await rootByPath(entry, pick.index, entries.length, pick.proof) : null;
      this.step(`${pick.entry} is in the tree`, led === root, `leaf ${pick.index}, ${pick.proof.length} hashes up`);
    }
    return root;
  }

  private async checkSeed(root: string): Promise<Bytes | null> {
    const { rules: { beacon: choice, mode, runnersUp }, beacon, seed: stored } = this.record;
    if (choice === null) {
      const none = mode === 'slotMachine' && runnersUp === 0 && beacon === null && stored === null;
      this.step('no beacon, nothing drawn', none, '');
      return null;
    }
    if (beacon === null || stored === null) {
      this.step('beacon', false, 'The rules name a round, the record has none.');
      return null;
    }
    const publicAt = choice.genesisSeconds + (choice.round - 1) * choice.periodSeconds;
    const closedAt = Date.parse(this.record.closedAt) / 1000;
    const late = closedAt >= publicAt;
    const wanted = late
      ? Math.floor((Math.floor(closedAt) - choice.genesisSeconds) / choice.periodSeconds) + 2
      : choice.round;
    this.step('beacon round', beacon.round === wanted, late
      ? `${wanted}: entries closed late, when committed round ${choice.round} was public. Ask why.`
      : `${wanted}, as committed`);
    const randomness = await sha256(bytes(beacon.signature));
    this.equal('randomness is the hash of the signature', hex(randomness), beacon.randomness);
    const seed = await hash('seed', bytes(this.record.serverSeed), bytes(root), randomness);
    this.equal('seed', hex(seed), stored);
    return seed;
  }

  private async checkReceipts(): Promise<void> {
    const { receipts, rules: { prizes, slots } } = this.record;
    if (slots === null) {
      this.step('no attempts but in slot-machine mode', receipts.length === 0, '');
      return;
    }
    for (const receipt of receipts) {
      const checked = await verifyReceipt(this.record, receipt);
      const place = receipt.prize === null ? -1 : prizes.indexOf(receipt.prize);
      const fresh = place >= 0 && !this.holders.has(place + 1);
      this.steps.push({ ...checked, passed: checked.passed && fresh });
      this.give(place + 1, receipt.participant);
    }
    const within = receipts.length <= prizes.length;
    this.step('no more prizes than there are', within, `${receipts.length} of ${prizes.length} fell`);
  }

  private async checkWinners(seed: Bytes | null): Promise<void> {
    const { rules, winners, runnersUp } = this.record;
    const prizes = rules.mode === 'slotMachine' ? 0 : rules.prizes.length;
    const chosen = seed === null ? [] : await this.choose(seed, prizes + rules.runnersUp);
    this.names('winners', chosen.slice(0, prizes), winners);
    this.names('runners-up', chosen.slice(prizes), runnersUp);
    this.step('prizes in the rules’ order',
      winners.every((pick, i) => pick.rank === i + 1 && pick.prize === rules.prizes[i])
      && runnersUp.every((pick, i) => pick.rank === i + 1 && pick.prize === null), '');
    for (const pick of winners) this.give(pick.rank, pick.entry);
  }

  private async checkReplacements(seed: Bytes | null): Promise<void> {
    for (const [i, { number, kind, removed, reason, winners }] of this.record.replacements.entries()) {
      for (const entry of removed) this.out.add(entry);
      const free = [...this.holders].filter(([, entry]) => removed.includes(entry)).map(([rank]) => rank);
      free.sort((a, b) => a - b);
      const next = seed === null ? []
        : kind === 'reroll' ? await this.choose(await hash('reroll', seed, fourBytes(i + 1)), free.length)
        : this.record.runnersUp.map(pick => pick.entry).filter(entry => !this.out.has(entry)).slice(0, free.length);
      const name = `replacement ${i + 1} (${kind})`;
      this.names(name, next, winners);
      this.step(`${name}: number, prizes, reason`,
        number === i + 1 && removed.length > 0 && reason.trim() !== '' && winners.every((pick, at) =>
          pick.rank === free[at] && pick.prize === this.record.rules.prizes[pick.rank - 1]), reason);
      for (const rank of free) this.holders.delete(rank);
      for (const pick of winners) this.give(pick.rank, pick.entry);
    }
  }

  private async choose(seed: Bytes, count: number): Promise<string[]> {
    const { entries, rules } = this.record;
    const left = entries.filter(entry => !this.out.has(entry.id));
    return rules.mode === 'condition' ? ranked(left, rules.minPoints, seed, count) : drawn(left, seed, count);
  }

  private give(rank: number, entry: string): void {
    this.holders.set(rank, entry);
    this.out.add(entry);
  }

  private names(name: string, computed: string[], stored: Pick[]): void {
    const names = stored.map(pick => pick.entry);
    const same = computed.length === names.length && computed.every((entry, i) => entry === names[i]);
    this.step(name, same, same ? names.join(' ') : `It would be ${computed.join(' ')}`);
  }

  private equal(name: string, computed: string, stored: string): void {
    this.step(name, computed === stored, computed === stored ? computed : `computed ${computed}, given ${stored}`);
  }

  private step(name: string, passed: boolean, detail: string): void {
    this.steps.push({ name, passed, detail });
  }
}

function rulesText(rules: Rules): string {
  const { beacon, slots } = rules;
  const lines: [string, string | number][] = [
    ['scheme', SCHEME], ['giveaway', rules.giveaway], ['mode', rules.mode], ['odds', rules.odds],
    ['runnersUp', rules.runnersUp], ['minPoints', rules.minPoints],
  ];
  if (beacon !== null) {
    lines.push(['beacon.chain', beacon.chain], ['beacon.genesisSeconds', beacon.genesisSeconds],
      ['beacon.periodSeconds', beacon.periodSeconds], ['beacon.round', beacon.round]);
  }
  if (slots !== null) {
    lines.push(['slots.startMilliseconds', slots.startMilliseconds], ['slots.endMilliseconds', slots.endMilliseconds],
      ['slots.finalWindowMilliseconds', slots.finalWindowMilliseconds],
      ['slots.expectedAttempts', slots.expectedAttempts], ['slots.capPerBillion', slots.capPerBillion]);
  }
  for (const prize of rules.prizes) lines.push(['prize', prize]);
  return lines.map(([name, value]) => `${name}=${value}\n`).join('');
}

async function ranked(entries: Entry[], minPoints: number, seed: Bytes, count: number): Promise<string[]> {
  const listed = await Promise.all(entries.filter(entry => entry.points >= minPoints)
    .map(async entry => ({ ...entry, tie: hex(await mac(seed, 'tie', utf8.encode(entry.id))) })));
  listed.sort((a, b) => b.points - a.points || a.completedAtMilliseconds - b.completedAtMilliseconds
    || (a.tie < b.tie ? -1 : 1));
  return listed.slice(0, count).map(entry => entry.id);
}

async function drawn(entries: Entry[], seed: Bytes, count: number): Promise<string[]> {
  const left = [...entries];
  const numbers = numbersOf(seed);
  const chosen: string[] = [];
  let total = left.reduce((sum, entry) => sum + entry.weight, 0);
  while (chosen.length < count && left.length > 0) {
    let at = await below(numbers, total);
    const place = left.findIndex(entry => (at -= entry.weight) < 0);
    const [found] = left.splice(place, 1);
    if (found === undefined) break;
    chosen.push(found.id);
    total -= found.weight;
  }
  return chosen;
}

async function receiptFault({ rules, serverSeed }: DrawRecord, receipt: Receipt): Promise<string | null> {
  const { slots } = rules;
  if (slots === null) return 'The record has no slots, so there are no receipts.';
  const key = bytes(serverSeed);
  const nonce = `${receipt.participant}|${receipt.number}|${receipt.clientSeed}`;
  const roll = (new DataView((await mac(key, 'roll', utf8.encode(nonce))).buffer).getBigUint64(0) * BILLION) >> 64n;
  const [due, expected, chance] = odds(slots, rules.prizes.length, receipt);
  const sealed = [receipt.giveaway, nonce, receipt.atMilliseconds, receipt.attempts, receipt.awarded, receipt.due,
    receipt.expected, receipt.chancePerBillion, receipt.rollPerBillion, receipt.prize ?? ''].join('|');
  if (receipt.scheme !== SCHEME) return 'It is of another scheme.';
  if (receipt.giveaway !== rules.giveaway) return 'It is of another giveaway.';
  if (roll !== BigInt(receipt.rollPerBillion)) return `The nonce rolls ${roll}.`;
  if (due !== BigInt(receipt.due)) return `Due were ${due}.`;
  if (expected !== BigInt(receipt.expected)) return `Expected were ${expected}.`;
  if (chance !== BigInt(receipt.chancePerBillion)) return `The chance was ${chance}.`;
  if (receipt.prize !== null && roll >= chance) return 'It did not win.';
  if (hex(await mac(key, 'receipt', utf8.encode(sealed))) !== receipt.seal) return 'The seal is not the server’s.';
  return null;
}

function odds(slots: Slots, count: number, receipt: Receipt): [due: bigint, expected: bigint, chance: bigint] {
  const [start, prizes, awarded] = [BigInt(slots.startMilliseconds), BigInt(count), BigInt(receipt.awarded)];
  const length = BigInt(slots.endMilliseconds) - start;
  const elapsed = clamp(BigInt(receipt.atMilliseconds) - start, 0n, length);
  const rest = length - elapsed;
  const paced = length - BigInt(slots.finalWindowMilliseconds);
  const left = prizes - awarded;
  const foretold = elapsed === 0n ? 0n : BigInt(receipt.attempts) * rest / elapsed;
  const expected = max(1n, max(BigInt(slots.expectedAttempts) * rest / length, foretold));
  if (elapsed >= paced) return [left, expected, left > 0n ? BILLION : 0n];
  const due = clamp(prizes * elapsed / paced - awarded, 0n, left);
  const chance = BILLION * due / expected;
  const cap = BigInt(slots.capPerBillion);
  return [due, expected, chance < cap ? chance : cap];
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const clamp = (value: bigint, least: bigint, most: bigint): bigint => max(least, value < most ? value : most);
