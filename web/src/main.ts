import { hydrate, mount, type Component } from 'svelte';
import App from './app/App.svelte';
import { calm } from './app/calm.svelte';
import { arrivalOf, match, sharedHash, type PageProps } from './app/paths';
import { routes } from './app/routes';
import { bring } from './identity/arrival';
import { live } from './live/live.svelte';
import './app.css';

const early = globalThis.finvaultEarly;

const shared = sharedHash(location.pathname);
if (shared !== null) history.replaceState(null, '', `/${shared}`);
const arrival = arrivalOf(location);
if (arrival !== null) {
  bring(arrival.brought);
  history.replaceState(null, '', `/${arrival.hash}`);
}

void start();

async function start(): Promise<void> {
  const target = document.getElementById('app');
  if (target === null) throw new Error('index.html has no #app');
  // The document shows the page already: its code takes over what stands there.
  const first = early && early.shell !== 'other' ? await pageAt(location.hash) : null;
  // Answers that came meanwhile lead to the next questions: those go out before the page's code takes its time.
  if (first) await new Promise((resolve) => setTimeout(resolve));
  const draw = target.hasChildNodes() ? hydrate : mount;
  draw(App, { target, props: { opened: location.hash, first } });
  catchUp();
  await calm.after(early?.all ?? Promise.resolve());
  live.start();
  await dress();
}

async function pageAt(hash: string): Promise<Component<PageProps> | null> {
  // That it cannot be loaded the app says itself.
  return (await match(hash, routes)?.route.load().catch(() => null)) ?? null;
}

// What was clicked before anything could react to it.
function catchUp(): void {
  early?.handOver();
  const clicked = early?.clicked;
  if (clicked instanceof HTMLElement && clicked.isConnected) clicked.click();
}

async function dress(): Promise<void> {
  try {
    await document.fonts.load('13px Inter');
    document.documentElement.dataset['font'] = '';
    localStorage.setItem('finvault.font', '1');
  } catch (error) {
    console.info('The typeface could not be loaded:', error);
  }
}
