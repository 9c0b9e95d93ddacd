/**
 * What the head of the page has asked the server for before the client's code was here (`app/early.ts`): the answers on
 * their way, by method and address, each for the first that asks the same.
 */
export interface Early {
  answers: Map<string, Promise<Response>>;
  /** Settles when each of them is here, or is not to be had. */
  all: Promise<unknown>;
  /** Settles when the first of them is on its way, or none is asked for. */
  asked: Promise<void>;
  /** The page that the document shows before the client does; of any other only the frame. */
  shell: Shell;
  /** What was clicked before there was anything to react to it. */
  clicked: EventTarget | null;
  /** From now on a click is the client's. */
  handOver: () => void;
}

export type Shell = 'board' | 'accounts' | 'holdings' | 'other';

declare global {
  var finvaultEarly: Early | undefined;
}

/** An answer that nobody has taken by then is of the past (ms after the page was opened). */
const GOOD_FOR_MS = 15_000;

/** Whether {@link takeEarly} has an answer to that. */
export function isEarly(method: string, url: string): boolean {
  return globalThis.finvaultEarly?.answers.has(`${method} ${url}`) === true && performance.now() <= GOOD_FOR_MS;
}

/** The answer to a request that is under way already; undefined where there is none. */
export function takeEarly(method: string, url: string): Promise<Response> | undefined {
  if (!isEarly(method, url)) return undefined;
  const answers = globalThis.finvaultEarly?.answers;
  const key = `${method} ${url}`;
  const answer = answers?.get(key);
  answers?.delete(key);
  return answer;
}
