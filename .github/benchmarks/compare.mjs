// node compare.mjs BENCHMARK FILE: holds the last line of a benchmark's output, which is JSON, against baseline.json.
// A figure with a peer counts as the ratio of the two in the same run. Ends with 1 where one is past what it may be.
import { readFileSync } from 'node:fs';

const [benchmark, file] = process.argv.slice(2);
const baseline = JSON.parse(readFileSync(new URL('baseline.json', import.meta.url), 'utf8'))[benchmark];
if (!baseline) throw new Error(`baseline.json knows no ${benchmark}`);
const result = JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1));

const number = (name) => {
  if (!Number.isFinite(result[name])) throw new Error(`${benchmark} told no ${name}`);
  return result[name];
};

let failed = false;
console.log(`| ${benchmark} | now | baseline | allowed |\n|---|---|---|---|`);
for (const { figure, by, value, least = -Infinity, most = Infinity } of baseline) {
  const now = by ? number(figure) / number(by) : number(figure);
  const isPast = now < least || now > most;
  failed ||= isPast;
  const name = by ? `${figure} by ${by}` : figure;
  const allowed = least > -Infinity ? `≥ ${least}` : `≤ ${most}`;
  console.log(`| ${name} | ${now.toPrecision(3)}${isPast ? ' **past it**' : ''} | ${value} | ${allowed} |`);
}
process.exitCode = failed ? 1 : 0;
