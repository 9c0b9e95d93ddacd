const SEPARATORS = [',', ';', '\t'] as const;

/**
 * Names of a table's columns, to choose from; empty for JSON. The server reads the file: this is only for the form, so a
 * header that goes over several lines is not understood.
 */
export function headerOf(content: string): string[] {
  const line = /^\uFEFF?([^\r\n]*)/.exec(content)?.[1] ?? '';
  if (/^\s*[[{]/.test(line)) return [];
  const best = SEPARATORS.reduce((one, other) => (cells(line, other).length > cells(line, one).length ? other : one));
  return [...new Set(cells(line, best).filter((name) => name !== ''))];
}

function cells(line: string, separator: string): string[] {
  const found: string[] = [];
  let cell = '';
  let quoted = false;
  for (const letter of line) {
    if (letter === '"') quoted = !quoted;
    else if (letter === separator && !quoted) {
      found.push(cell.trim());
      cell = '';
    } else cell += letter;
  }
  return [...found, cell.trim()];
}
