import { moveRow, rowOf, type Row } from './merge';
import { compareBy, reorder, type Sort, type SortKey } from './order';
import { accountOf, mergeHolding, type PortfolioUpdate } from './push';
import type { Holding } from './types';

/** What a second's ticks change comes in several messages: they are put in order together. */
const SETTLE_MS = 100;

/**
 * An account's holdings in the order of a column. What a push changes is seen at once, wherever it stands; a row goes to
 * its new place only while the list does not move: nothing jumps under a finger, nor costs a frame that scrolls.
 */
export class HoldingList {
  /** The symbols as they stand on the screen; a new list whenever they were put in order. */
  order = $state.raw<readonly string[]>([]);
  sort = $state.raw<Sort>({ key: 'value', descending: true });

  /** By symbol. Svelte knows of `#version` alone: a thousand changes are one. */
  readonly #rows = new Map<string, Row>();
  #version = $state(0);
  /** What has changed since it was put in order. */
  readonly #changed = new Set<string>();
  #moving = false;
  #settling: ReturnType<typeof setTimeout> | undefined;

  /** The row at a place of `order`. */
  row(index: number): Row | undefined {
    void this.#version;
    return this.#rows.get(this.order[index] ?? '');
  }

  rows(): Iterable<Row> {
    return this.#rows.values();
  }

  fill(holdings: readonly Holding[]): void {
    this.#rows.clear();
    for (const holding of holdings) this.#rows.set(holding.symbol, rowOf(holding));
    this.#sort();
  }

  /** The same column again turns it round; names begin with A, figures with the largest. */
  sortBy(key: SortKey): void {
    this.sort = { key, descending: this.sort.key === key ? !this.sort.descending : key !== 'symbol' };
    this.#sort();
  }

  /** What is not on the list is not put there: a reload brings what was bought. */
  take(account: string, update: PortfolioUpdate, now: number): void {
    for (const pushed of update.rows) {
      const symbol = pushed[1];
      const row = this.#rows.get(symbol);
      if (row === undefined || accountOf(update, pushed) !== account) continue;
      this.#rows.set(symbol, moveRow(row, mergeHolding(row.holding, pushed, update), now));
      this.#changed.add(symbol);
    }
    if (this.#changed.size === 0) return;
    this.#version++;
    this.#settling ??= setTimeout(() => this.#settle(), SETTLE_MS);
  }

  /** Whether somebody scrolls. */
  set moving(moving: boolean) {
    this.#moving = moving;
    if (!moving) this.#settle();
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    if (this.#moving || this.#changed.size === 0) return;
    this.order = reorder(this.order, this.#changed, this.#compare());
    this.#changed.clear();
  }

  #sort(): void {
    this.order = [...this.#rows.keys()].sort(this.#compare());
    this.#changed.clear();
  }

  #compare(): (left: string, right: string) => number {
    const compare = compareBy(this.sort);
    return (left, right) => compare(this.#rows.get(left)!.holding, this.#rows.get(right)!.holding);
  }
}
