// node yaml.mjs FILE...: one JSON object, each file's errors and contents, by a parser that is not ours.
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';

const read = (file) => {
  const document = parseDocument(readFileSync(file, 'utf8'), { version: '1.2', uniqueKeys: true });
  const problems = [...document.errors, ...document.warnings].map((problem) => problem.message);
  return { errors: problems, content: problems.length ? null : document.toJS() };
};

console.log(JSON.stringify(Object.fromEntries(process.argv.slice(2).map((file) => [file, read(file)]))));
