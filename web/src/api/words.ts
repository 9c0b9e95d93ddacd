import { ApiError } from './client';

const WORDS: Readonly<Record<string, string>> = {
  unreachable: 'The server cannot be reached. Nothing is lost: try again.',
  unauthenticated: 'Sign in first.',
  invalid_token: 'You were signed out. Sign in again.',
  step_up_required: 'It was not done: you have not confirmed that it is you.',
  second_factor_required: 'Operators show a code of a second factor first: see Security, in your account.',
  forbidden: 'You may not do this with this sign-in.',
  rate_limited: 'Too many at once. Wait a moment, then try again.',
  sector_unknown: 'No cap of a sector can hold for symbols whose sector is not known. Leave them out, or allow 100 % in one sector:',
  changed_meanwhile: 'Somebody changed this meanwhile. Reload it, then change it again.',
};

const MOST_NAMED = 10;

/** What to tell a person about a failure: what is wrong, in the server's sentence, and what to do about it. */
export function sayFailure(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const { problem } = error;
  const known = WORDS[problem.code ?? ''];
  const sentence = known ?? problem.detail ?? problem.title;
  const named = problem.symbols?.filter((one) => !sentence.includes(one)) ?? [];
  const said = named.length > 0 ? `${sentence} ${named.slice(0, MOST_NAMED).join(', ')}${named.length > MOST_NAMED ? ' and more' : ''}` : sentence;
  // What is not the asker's fault is found by this number.
  return known === undefined && problem.status >= 500 && problem.correlationId ? `${said} (Reference ${problem.correlationId})` : said;
}

/** Every fault that the server found in what was sent; the one that it says where it names no more. */
export function faultsOf(error: unknown): readonly string[] {
  const faults = error instanceof ApiError ? error.problem.faults : undefined;
  return faults && faults.length > 0 ? faults : [sayFailure(error)];
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.problem.code === code;
}
