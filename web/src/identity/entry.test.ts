import { describe, expect, it } from 'vitest';
import { entryOf, OPERATORS, stepOf } from './entry';

const somebody = { roles: ['User', 'Host'], hasSecondFactor: false, needsCodeToOperate: false };
const operator = { roles: ['User'], hasSecondFactor: false, needsCodeToOperate: true };

describe('entryOf', () => {
  it('lets in whoever has one of the roles, or has signed in where none is named', () => {
    expect(entryOf(somebody)).toBe('in');
    expect(entryOf(somebody, ['Host'])).toBe('in');
    expect(entryOf({ ...somebody, roles: ['Auditor'] }, OPERATORS)).toBe('in');
  });

  it('keeps out everybody else', () => {
    expect(entryOf(null)).toBe('out');
    expect(entryOf(somebody, OPERATORS)).toBe('out');
  });

  it('tells an operator what comes first', () => {
    expect(entryOf(operator, OPERATORS)).toBe('setUp');
    expect(entryOf({ ...operator, hasSecondFactor: true }, OPERATORS)).toBe('showCode');
  });

  it('does not tell it where another role is asked for', () => {
    expect(entryOf(operator, ['Merchant'])).toBe('out');
  });
});

describe('stepOf', () => {
  it('is none for who need not, or who has shown a code', () => {
    expect([null, somebody, { ...somebody, hasSecondFactor: true }].map(stepOf)).toEqual([null, null, null]);
  });
});
