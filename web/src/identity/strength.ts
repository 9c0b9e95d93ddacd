/** How hard a password is to guess, for who is choosing one. What is refused is for the server to say. */
export interface Strength {
  /** 0 to 4, as a meter shows it. */
  score: number;
  words: string;
}

const WORDS = ['Too short', 'Guessed at once', 'Could be better', 'Good', 'Very good'];
const MIN_LENGTH = 12;
const COMMON = /(password|passw0rd|qwert[yz]|letmein|welcome|iloveyou|admin|abc|123|111|000|finvault)/gi;
/** Bits from which on a score is given, beside length. */
const SCORES = [28, 40, 60];

/**
 * Bits that somebody must guess who knows how people choose: what is common or repeated counts as one character, one that
 * follows the last in the alphabet as a third, and what has few different characters as little as those.
 */
export function bitsOf(password: string): number {
  const plain = password.replace(COMMON, '*').replace(/(.)\1{2,}/g, '$1');
  let length = 0;
  for (let i = 0; i < plain.length; i++) {
    length += i > 0 && Math.abs(plain.charCodeAt(i) - plain.charCodeAt(i - 1)) <= 1 ? 1 / 3 : 1;
  }
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(plain)).length;
  return Math.min(length, new Set(plain.toLowerCase()).size * 2) * (2 + kinds * 0.6);
}

export function strengthOf(password: string): Strength {
  const bits = bitsOf(password);
  const score = password.length < MIN_LENGTH ? 0 : 1 + SCORES.filter((least) => bits >= least).length;
  return { score, words: WORDS[score] ?? '' };
}
