import { late } from '../app/late';

/** Instants as people read them, in the browser's own zone: giveaways are for everybody, not for one exchange. */

const LOCALE = 'en-IN';
const whenFormat = late(() => new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' }));
const clockFormat = late(() => new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium', hourCycle: 'h23' }));

export function formatWhen(iso: string | null | undefined): string {
  return iso ? whenFormat().format(new Date(iso)) : '–';
}

/** From one instant to another, with the day said once where it is one. */
export function formatSpan(fromIso: string, toIso: string): string {
  return whenFormat().formatRange(new Date(fromIso), new Date(toIso));
}

/** A stretch of time in the largest unit that it fills: `3600 s` says less than `60 minutes`. */
export function formatSeconds(seconds: number): string {
  const [unit, length] = seconds >= 7200 ? ['hour', 3600] : seconds >= 120 ? ['minute', 60] : ['second', 1];
  const count = Math.round(seconds / Number(length));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

export function formatClock(iso: string): string {
  return clockFormat().format(new Date(iso));
}

/** As `<input type="datetime-local">` takes it: the browser's zone, to the second. */
export function toLocalInput(iso: string): string {
  const time = new Date(iso);
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** The instant that was typed; null where it is none. */
export function fromLocalInput(text: string): string | null {
  const time = new Date(text);
  return text === '' || Number.isNaN(time.getTime()) ? null : time.toISOString();
}
