import { EVERYTHING } from '../api/shared';
import { firstDirection, type Sort, type SortKey } from './order';

export { EVERYTHING };

/** What the user set on the board; outlives a visit to a symbol. */
class BoardState {
  /** The board that is watched: `all`, or one of the named groups that the server lists. */
  name = $state(EVERYTHING);
  query = $state('');
  sort = $state.raw<Sort>({ key: 'symbol', descending: false });
  /** The symbol that the keyboard stands on: a symbol, not a row, since rows change places. */
  active = $state<string | null>(null);
  scrollTop = $state(0);

  sortBy(key: SortKey): void {
    const descending = this.sort.key === key ? !this.sort.descending : firstDirection(key);
    this.sort = { key, descending };
  }
}

export const board = new BoardState();
