/** A scrolled list of rows of one height, all in CSS pixels. */
export interface Viewport {
  scrollTop: number;
  height: number;
  rowHeight: number;
  count: number;
}

/** Rows `first` up to but without `end` are drawn, `offset` pixels below the start of the list. */
export interface Window {
  first: number;
  end: number;
  offset: number;
  total: number;
}

/** Rows drawn beyond each edge, so that a frame's scroll never shows a hole. */
const OVERSCAN_ROWS = 8;
/** Until the first screen is there, no row is drawn that nobody sees. */
export const rowsBeyond = (calm: boolean): number => (calm ? OVERSCAN_ROWS : 0);

/** @param beyond Rows to draw beyond each edge. */
export function windowOf({ scrollTop, height, rowHeight, count }: Viewport, beyond = OVERSCAN_ROWS): Window {
  const total = count * rowHeight;
  const top = Math.min(Math.max(0, scrollTop), Math.max(0, total - height));
  const first = Math.max(0, Math.floor(top / rowHeight) - beyond);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + beyond);
  return { first, end: Math.max(first, end), offset: first * rowHeight, total };
}

/** Rows that are at least partly on the screen, first included, end excluded. */
export function visibleRows({ scrollTop, height, rowHeight, count }: Viewport): { first: number; end: number } {
  const first = Math.min(count, Math.max(0, Math.floor(scrollTop / rowHeight)));
  return { first, end: Math.min(count, Math.ceil((scrollTop + height) / rowHeight)) };
}

/** So many rows of a list that all change fit into one message of 2 KB. */
const MOST_WATCHED = 40;

/**
 * What of a list to watch, by name: all where it is short, else what is on the screen (rows `first` up to `end`) and some
 * around it. What is `held` is kept while it covers the screen, so that not every row that changes places is said.
 */
export function toWatch(
  order: readonly string[], first: number, end: number, held: readonly string[], most: number,
): readonly string[] {
  if (order.length <= most) return order.toSorted();
  const visible = order.slice(first, Math.min(end, first + most));
  if (visible.every((symbol) => held.includes(symbol))) return held;
  const spare = Math.max(0, MOST_WATCHED - visible.length);
  const from = Math.max(0, Math.min(first - Math.floor(spare / 2), order.length - visible.length - spare));
  return order.slice(from, from + visible.length + spare).toSorted();
}

/** The nearest scroll position at which row `index` is wholly in view. */
export function scrollToReveal(index: number, { scrollTop, height, rowHeight }: Viewport): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  const bottom = top + rowHeight;
  return bottom > scrollTop + height ? bottom - height : scrollTop;
}

/** Where a key moves the active row, or null for a key that does not move it. */
export function moveBy(key: string, index: number, count: number, pageRows: number): number | null {
  const target = {
    ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + pageRows, PageUp: index - pageRows,
    Home: 0, End: count - 1,
  }[key];
  return target === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, target));
}
