const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

/**
 * `PREFIX_<ULID>` (github.com/ulid/spec): the caller names what it asks for, so that asking again, after an answer was
 * lost, does it once.
 */
export function newId(prefix: string, now = Date.now()): string {
  let time = '';
  for (let left = now, digit = 0; digit < TIME_DIGITS; digit++, left = Math.floor(left / 32)) {
    time = DIGITS.charAt(left % 32) + time;
  }
  // 256 is a multiple of 32, so each digit is as likely as the others.
  const random = [...crypto.getRandomValues(new Uint8Array(RANDOM_DIGITS))].map((byte) => DIGITS.charAt(byte % 32));
  return `${prefix}_${time}${random.join('')}`;
}

/** Letters and digits that nobody guesses, for secrets that only this browser knows. */
export function newSecret(): string {
  return [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => DIGITS.charAt(byte % 32)).join('');
}
