/** What a link brought, out of the address bar and its history; kept over a reload, and no longer than the tab. */
const KEPT = 'finvault.arrival';

export function bring(brought: Readonly<Record<string, string>>): void {
  sessionStorage.setItem(KEPT, JSON.stringify(brought));
}

/** Empty where nothing was brought. */
export function brought(name: string): string {
  const kept = sessionStorage.getItem(KEPT);
  return kept === null ? '' : ((JSON.parse(kept) as Record<string, string>)[name] ?? '');
}

export function usedUp(): void {
  sessionStorage.removeItem(KEPT);
}
