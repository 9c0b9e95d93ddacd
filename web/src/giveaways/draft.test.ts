import { describe, expect, it } from 'vitest';
import { draftOf, newDraft, newLine, planOf, valueOf, type Draft } from './draft';

const now = Date.parse('2026-11-21T10:00:00Z');

function draft(over: Partial<Draft> = {}): Draft {
  const line = { ...newLine('airtime'), title: 'Airtime', amount: '100.50', quantity: 2 };
  return { ...newDraft(now), title: 'Diwali', lines: [line], ...over };
}

describe('planOf', () => {
  it('makes the plan of what was typed', () => {
    const { plan, faults } = planOf(draft({ title: '  Diwali ' }));
    expect(faults).toEqual([]);
    expect(plan).toMatchObject({
      title: 'Diwali', currency: 'INR', startsAt: '2026-11-21T10:10:00.000Z', endsAt: '2026-11-21T11:10:00.000Z',
      prizes: [{ title: 'Airtime', kind: 'airtime', amount: 10_050, quantity: 2 }], slots: { attemptsPerParticipant: 3 },
    });
    expect(plan?.prizes[0]).not.toHaveProperty('cardId');
  });

  it('has slots in slot-machine mode alone, and least points in condition mode alone', () => {
    expect(planOf(draft({ mode: 'condition', minPoints: 5, prizesPerParticipant: 3 })).plan)
      .toMatchObject({ slots: null, minPoints: 5, prizesPerParticipant: 1 });
    expect(planOf(draft({ minPoints: 5, prizesPerParticipant: 3 })).plan)
      .toMatchObject({ minPoints: 0, prizesPerParticipant: 3 });
  });

  it('names everything that is missing', () => {
    const { plan, faults } = planOf(draft({ title: 'x', ends: '', lines: [newLine('giftCard')] }));
    expect(plan).toBeNull();
    expect(faults).toHaveLength(5);
    expect(faults.join(' ')).toContain('Prize 1: choose a gift card.');
    expect(planOf(draft({ lines: [] })).faults).toEqual(['Add a prize.']);
    expect(planOf(draft({ starts: '2026-11-21T10:00', ends: '2026-11-21T09:00' })).faults).toEqual(['It ends after it starts.']);
  });

  it('is the same plan again after a draft was read from it', () => {
    const { plan } = planOf(draft({ currency: 'JPY', lines: [{ ...newLine('airtime'), title: 'A', amount: '1500' }] }));
    expect(planOf(draftOf(plan!)).plan).toEqual(plan);
  });
});

describe('valueOf', () => {
  it('sums what can be read', () => {
    expect(valueOf(draft())).toBe(20_100);
    expect(valueOf(draft({ lines: [newLine('airtime')] }))).toBe(0);
  });
});
