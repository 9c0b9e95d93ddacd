// Fails when the script that a first visit loads outgrows its budget. Run after `npm run build`. It is what the document
// names: what every page stands on, and the pieces of the three that it shows by itself, though no visit loads all of those.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_BYTES = 100 * 1024;
// What the chart library draws under its name: tells its code from ours, however it is minified.
const CHART_MARK = 'tradingview';
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const named = new Set(readFileSync(new URL('index.html', dist), 'utf8').match(/(?<=\/)assets\/[\w-]+\.js/g));
if (named.size === 0) throw new Error('dist/index.html names no script: run `npm run build` first');

const initial = new Set();
function follow(chunk) {
  if (initial.has(chunk.file)) return;
  initial.add(chunk.file);
  for (const name of chunk.imports ?? []) follow(manifest[name]);
}
for (const chunk of Object.values(manifest)) if (named.has(chunk.file)) follow(chunk)

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
