import { describe, expect, it } from 'vitest';
import { strengthOf } from './strength';

describe('strength', () => {
  it.each([
    ['', 0], ['short', 0], ['elevenchars', 0], ['passwordpassword', 1], ['aaaaaaaaaaaaaaaa', 1], ['abcdefghijklmnop', 1],
    ['qwerty123456', 1], ['seven green kites at dusk', 4], ['T7#mQ2!vR9xL', 3],
  ])('of %s is %i', (password, score) => {
    expect(strengthOf(password).score).toBe(score);
  });

  it('never falls when something is added that was not there', () => {
    let last = 0;
    for (const part of ['seven ', 'green ', 'kites ', 'at ', 'dusk']) {
      const { score } = strengthOf('seven green kites at dusk'.slice(0, 'seven green kites at dusk'.indexOf(part) + part.length));
      expect(score).toBeGreaterThanOrEqual(last);
      last = score;
    }
  });
});
