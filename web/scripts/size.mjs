// Fails when the script that a first visit must load outgrows its budget. Run after `npm run build`.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_BYTES = 100 * 1024;
// What the chart library draws under its name: tells its code from ours, however it is minified.
const CHART_MARK = 'tradingview';
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const entry = Object.values(manifest).find((chunk) => chunk.isEntry);
if (!entry) throw new Error('dist/.vite/manifest.json names no entry: run `npm run build` first');

const initial = new Set();
(function follow(chunk) {
  if (initial.has(chunk.file)) return;
  initial.add(chunk.file);
  for (const name of chunk.imports ?? []) follow(manifest[name]);
})(entry);

const gzipped = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
const report = (label, bytes, file) =>
  console.log(`${label.padEnd(8)} ${(bytes / 1024).toFixed(1).padStart(7)} KB  ${file}`);

let total = 0;
for (const file of initial) {
  total += gzipped(file);
  report('initial', gzipped(file), file);
}
for (const chunk of Object.values(manifest)) {
  if (chunk.file.endsWith('.js') && !initial.has(chunk.file)) report('lazy', gzipped(chunk.file), chunk.file);
}
const charts = [...initial].some((file) => readFileSync(new URL(file, dist), 'utf8').includes(CHART_MARK));
console.log(JSON.stringify({ initialGzipBytes: total, budgetBytes: BUDGET_BYTES, chartsInInitial: charts }));
if (total > BUDGET_BYTES || charts) {
  console.error(charts ? 'The chart library is in the initial script.' : 'The initial script is over its budget.');
  process.exit(1);
}
