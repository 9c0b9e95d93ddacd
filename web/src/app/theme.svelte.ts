import { IN_BROWSER } from './place';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'finvault.theme';
const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

/** The chosen theme, kept in this browser. `early.ts` applies it before the first paint. */
class ThemeChoice {
  current = $state<Theme>(stored());
  /** Moves when what is shown changes, for drawings that do not follow CSS by themselves. */
  revision = $state(0);

  constructor() {
    if (IN_BROWSER) matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.revision++);
  }

  next(): void {
    this.current = NEXT[this.current];
    const root = document.documentElement;
    if (this.current === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.current;
    try {
      localStorage.setItem(KEY, this.current);
    } catch (error) {
      console.info('The theme lasts until this page is closed:', error);
    }
    this.revision++;
  }
}

function stored(): Theme {
  const theme = IN_BROWSER ? document.documentElement.dataset['theme'] : undefined;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export const theme = new ThemeChoice();
