import type { BlockPlan } from './api';

export interface Block {
  id: string;
  from: number;
  to: number;
}

/** The byte ranges of the blocks that are not there yet. */
export function missingBlocks(plan: BlockPlan, bytes: number): Block[] {
  const missing = new Set(plan.missing);
  return plan.ids.flatMap((id, index) => {
    const from = index * plan.blockBytes;
    return missing.has(id) ? [{ id, from, to: Math.min(bytes, from + plan.blockBytes) }] : [];
  });
}

/** The body of Put Block List: every block, in order. */
export function blockList(plan: BlockPlan): string {
  const ids = plan.ids.map((id) => `<Latest>${id}</Latest>`).join('');
  return `<?xml version="1.0" encoding="utf-8"?><BlockList>${ids}</BlockList>`;
}

/** Does `work` for every item, at most `width` at a time; stops at the first failure. */
export async function inParallel<T>(
  items: readonly T[], width: number, work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  async function lane(): Promise<void> {
    while (!failed && next < items.length) {
      const item = items[next++] as T;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}
