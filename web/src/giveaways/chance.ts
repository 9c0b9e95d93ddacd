const BILLION = 1_000_000_000;
const percent = new Intl.NumberFormat('en-IN', { maximumSignificantDigits: 4 });

/** Billionths as a percentage that people can compare. */
export function formatChance(perBillion: number): string {
  return `${percent.format((perBillion / BILLION) * 100)}%`;
}
