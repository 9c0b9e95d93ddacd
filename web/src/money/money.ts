/** Money as the API carries it: whole minor units and a code of ISO 4217. */

const LOCALE = 'en-IN';
// What is not here has two decimal digits.
const NONE = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ');
const THREE = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');
const formats = new Map<string, Intl.NumberFormat>();

/** How many decimal digits the minor unit has: 12345 minor units of INR (2) are 123.45 rupees. */
export function exponentOf(currency: string): number {
  return NONE.includes(currency) ? 0 : THREE.includes(currency) ? 3 : 2;
}

export function formatMoney(minor: number, currency: string): string {
  const digits = exponentOf(currency);
  let format = formats.get(currency);
  if (format === undefined) {
    format = new Intl.NumberFormat(LOCALE, {
      style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits,
    });
    formats.set(currency, format);
  }
  // A true minus sign is as wide as a plus: figures stand under each other.
  return format.format(minor / 10 ** digits).replace('-', '−');
}

/**
 * The minor units of what somebody typed (`1,250.50`, `₹ 1250`); null for anything else, also for more digits than the
 * currency has: what cannot be meant is not rounded.
 */
export function parseMoney(text: string, currency: string): number | null {
  const digits = exponentOf(currency);
  const found = /^(?:[₹$€£¥]|[A-Z]{3})?\s*(\d[\d,\s]*)(?:\.(\d*))?$/.exec(text.trim());
  const [whole, fraction] = [found?.[1]?.replace(/[,\s]/g, ''), found?.[2] ?? ''];
  if (whole === undefined || text.includes('-') || text.includes('−') || fraction.length > digits) return null;
  const minor = Number(whole + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(minor) ? minor : null;
}

/** As an input shows it: no sign, no grouping. */
export function moneyInput(minor: number, currency: string): string {
  const digits = exponentOf(currency);
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
