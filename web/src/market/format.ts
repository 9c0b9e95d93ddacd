/** Numbers and times as an Indian investor writes them. Times are Asia/Kolkata, whatever the browser's zone. */

const LOCALE = 'en-IN';
const ZONE = 'Asia/Kolkata';
const MOST_DECIMALS = 8;

const priceFormat = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: MOST_DECIMALS });
const signedFormat = new Intl.NumberFormat(LOCALE, {
  minimumFractionDigits: 2, maximumFractionDigits: MOST_DECIMALS, signDisplay: 'exceptZero',
});
const percentFormat = new Intl.NumberFormat(LOCALE, {
  minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero',
});
const countFormat = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 3 });
const compactFormat = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 2 });
const timeFormat = new Intl.DateTimeFormat(LOCALE, {
  timeZone: ZONE, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});
const dayFormat = new Intl.DateTimeFormat(LOCALE, { timeZone: ZONE, day: '2-digit', month: 'short', year: 'numeric' });
// The Swedish form of a date is ISO 8601.
const isoDay = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE });
const isoDayUtc = new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC' });
/** The exchange of synthetic symbols, whose days are UTC days. */
export const TEST_EXCHANGE = 'TEST';

export const NOTHING = '–';

export function formatPrice(price: number | null | undefined): string {
  return price === null || price === undefined ? NOTHING : priceFormat.format(price);
}

/** A change of price with its sign, with the decimals of the prices it comes from and no rounding noise. */
export function formatChange(change: number | null): string {
  return change === null ? NOTHING : minus(signedFormat.format(change));
}

export function formatPercent(percent: number | null): string {
  return percent === null ? NOTHING : `${minus(percentFormat.format(percent))}%`;
}

export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? NOTHING : countFormat.format(count);
}

/** Thousands, lakh and crore, for narrow places. */
export function formatCompact(count: number): string {
  return compactFormat.format(count);
}

/** Exchange time; with the date where that is not today's at the exchange. */
export function formatTime(iso: string, nowMs: number): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return NOTHING;
  const clock = timeFormat.format(time);
  return exchangeDay(time.getTime()) === exchangeDay(nowMs) ? clock : `${dayFormat.format(time)}, ${clock}`;
}

/** The date (yyyy-mm-dd) at the exchange, an Indian one unless told. */
export function exchangeDay(ms: number, exchange?: string): string {
  return (exchange === TEST_EXCHANGE ? isoDayUtc : isoDay).format(ms);
}

/** Decimals that show `price` without loss: at least 2, at most 8. */
export function decimalsOf(price: number): number {
  for (let decimals = 2; decimals < MOST_DECIMALS; decimals++) {
    if (Number(price.toFixed(decimals)) === price) return decimals;
  }
  return MOST_DECIMALS;
}

// A true minus sign is as wide as a plus: signs stand under each other.
function minus(text: string): string {
  return text.replace('-', '−');
}
