import { describe, expect, it } from 'vitest';
import { blockList, inParallel, missingBlocks } from './blocks';

const plan = { blockBytes: 8, ids: ['MA==', 'MQ==', 'Mg=='], missing: ['MA==', 'Mg=='] };

describe('missingBlocks', () => {
  it('gives the ranges of the blocks that are not there, the last one shorter', () => {
    expect(missingBlocks(plan, 19)).toEqual([{ id: 'MA==', from: 0, to: 8 }, { id: 'Mg==', from: 16, to: 19 }]);
  });
});

describe('blockList', () => {
  it('names every block in order, also those that were there', () => {
    expect(blockList(plan)).toContain('<Latest>MA==</Latest><Latest>MQ==</Latest><Latest>Mg==</Latest>');
  });
});

describe('inParallel', () => {
  it('never does more at once than allowed, and all of them', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('starts nothing after a failure', async () => {
    const started: number[] = [];
    const work = inParallel([1, 2, 3, 4], 1, async (item) => {
      started.push(item);
      if (item === 2) throw new Error('broken');
      await Promise.resolve();
    });
    await expect(work).rejects.toThrow('broken');
    expect(started).toEqual([1, 2]);
  });
});
