import { expect, it } from 'vitest';
import { ApiError } from './client';
import { faultsOf, hasCode, sayFailure } from './words';

const problem = (over: object): ApiError => new ApiError({ title: 'It is not so', status: 409, ...over });

it('says the server’s sentence, and what to do where that is known', () => {
  expect(sayFailure(problem({ detail: 'Nobody attempts anything here.' }))).toBe('Nobody attempts anything here.');
  expect(sayFailure(problem({}))).toBe('It is not so');
  expect(sayFailure(problem({ code: 'rate_limited', detail: '6,000 a minute' }))).toContain('Wait a moment');
  expect(sayFailure(new Error('offline'))).toBe('offline');
});

it('gives a number to ask about where the server failed', () => {
  expect(sayFailure(problem({ status: 500, correlationId: 'abc' }))).toContain('abc');
  expect(sayFailure(problem({ status: 409, correlationId: 'abc' }))).not.toContain('abc');
});

it('lists every fault', () => {
  expect(faultsOf(problem({ faults: ['a', 'b'] }))).toEqual(['a', 'b']);
  expect(faultsOf(problem({ detail: 'only this' }))).toEqual(['only this']);
  expect([hasCode(problem({ code: 'x' }), 'x'), hasCode(new Error('x'), 'x')]).toEqual([true, false]);
});
