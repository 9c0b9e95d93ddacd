// Runs the browser's verifier over the records of a file, which says of each whether it must pass.
// usage: node verify-draw.mjs CASES.json
import { readFileSync } from 'node:fs';
import { createServer } from '../../web/node_modules/vite/dist/node/index.js';

const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const root = new URL('../../web', import.meta.url).pathname;
const vite = await createServer({ root, configFile: false, logLevel: 'error', server: { middlewareMode: true, ws: false } });
const { verifyDraw } = await vite.ssrLoadModule('/src/giveaways/verify.ts');
let right = 0;
for (const { record, passes } of cases) {
  const steps = await verifyDraw(record);
  const failed = steps.filter(step => !step.passed);
  if ((failed.length === 0) === passes) right++;
  else console.error(record.rules.mode, passes, failed);
}
await vite.close();
console.log(`${right} of ${cases.length} as expected`);
process.exit(right === cases.length ? 0 : 1);
