import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verifyDraw, verifyReceipt, type DrawRecord } from './verify';

const read = (name: string): DrawRecord =>
  JSON.parse(readFileSync(new URL(`records/${name}.json`, import.meta.url), 'utf8')) as DrawRecord;
const failed = async (record: DrawRecord, kept = {}): Promise<string[]> =>
  (await verifyDraw(record, kept)).filter(step => !step.passed).map(step => step.name);

describe.each(['draw', 'weighted', 'condition', 'slots', 'empty'])('the record %s', name => {
  it('is verified', async () => {
    const record = read(name);
    expect(await failed(record, record)).toEqual([]);
  });

  it('is not that of another commitment or root', async () => {
    const kept = { commitment: '0'.repeat(64), entryRoot: '1'.repeat(64) };
    expect(await failed(read(name), kept))
      .toEqual(['commitment as it was before the start', 'root as it was at the close']);
  });

  it('fails when the rules change', async () => {
    const record = read(name);
    expect(await failed({ ...record, rules: { ...record.rules, runnersUp: 9 } })).toContain('commitment');
  });
});

describe('a changed record', () => {
  it('fails with one entry more, less or other', async () => {
    const record = read('draw');
    const [first, ...rest] = record.entries;
    if (first === undefined) throw new Error('no entries');
    for (const entries of [rest, [...record.entries, { ...first, id: 'Z' }], [{ ...first, points: 1 }, ...rest]]) {
      expect(await failed({ ...record, entries })).toContain('root of the entries');
    }
  });

  it('fails with other winners', async () => {
    const record = read('weighted');
    expect(await failed({ ...record, winners: [...record.winners].reverse() })).toContain('winners');
    const [one, two] = record.replacements;
    if (one === undefined || two === undefined) throw new Error('no replacements');
    expect(await failed({ ...record, replacements: [{ ...one, winners: [] }, two] }))
      .toContain('replacement 1 (runnersUp)');
  });

  it('fails with another round', async () => {
    const record = read('condition');
    if (record.beacon === null) throw new Error('no beacon');
    const beacon = { ...record.beacon, round: record.beacon.round + 1 };
    expect(await failed({ ...record, beacon })).toContain('beacon round');
  });

  it('is told when it cannot be read', async () => {
    expect(await failed({} as DrawRecord)).toEqual(['scheme', 'record']);
  });
});

describe('a receipt', () => {
  it('is verified against its record, and not when it was changed', async () => {
    const record = read('slots');
    const [receipt] = record.receipts;
    if (receipt === undefined) throw new Error('no receipts');
    expect((await verifyReceipt(record, receipt)).passed).toBe(true);
    for (const change of [{ prize: null }, { rollPerBillion: 0 }, { clientSeed: 'x' }, { seal: '0'.repeat(64) }]) {
      expect((await verifyReceipt(record, { ...receipt, ...change })).passed).toBe(false);
    }
  });
});
