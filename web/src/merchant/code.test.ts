import { expect, it } from 'vitest';
import { groupCode, isWhole } from './code';

it('groups what is typed, or pasted, whatever its form', () => {
  expect(groupCode('7k3q')).toBe('7K3Q');
  expect(groupCode('7k3qx')).toBe('7K3Q-X');
  expect(groupCode(' 7k3q x2rd-9abc 0123 ')).toBe('7K3Q-X2RD-9ABC-0123');
  expect(groupCode('7K3Q-X2RD-9ABC-0123-MORE')).toBe('7K3Q-X2RD-9ABC-0123');
});

it('reads letters as the digits that they look like', () => {
  expect(groupCode('oil')).toBe('011');
});

it('knows when it is whole', () => {
  expect([isWhole('7K3Q-X2RD-9ABC-012'), isWhole('7K3Q-X2RD-9ABC-0123')]).toEqual([false, true]);
});
