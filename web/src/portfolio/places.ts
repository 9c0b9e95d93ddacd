import { rowsBeyond } from '../market/window';

/**
 * A long list is drawn by a ring of places: as it scrolls, the place that leaves at one end shows the row that comes in at
 * the other, and all others stay as they are.
 */

export interface Ring {
  /** The first row that is drawn. */
  first: number;
  /** How many are, and so how many places there are. */
  size: number;
}

/** All in CSS pixels, with `beyond` rows at each edge of the screen. The size does not change while it scrolls. */
export function ringOf(
  scrollTop: number, height: number, rowHeight: number, count: number, beyond = rowsBeyond(true),
): Ring {
  const size = Math.min(count, Math.ceil(height / rowHeight) + 1 + 2 * beyond);
  const first = Math.floor(scrollTop / rowHeight) - beyond;
  return { first: Math.max(0, Math.min(first, count - size)), size };
}

/** The row that a place shows. */
export function rowAt(place: number, { first, size }: Ring): number {
  return first + ((((place - first) % size) + size) % size);
}

/** The places as they stand in the document, beginning with the one that shows row `start`. */
export function placesFrom(start: number, size: number): number[] {
  return Array.from({ length: size }, (_, index) => (start + index) % size);
}
