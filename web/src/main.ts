import { mount } from 'svelte';
import App from './app/App.svelte';
import { arrivalOf, sharedHash } from './app/paths';
import { bring } from './identity/arrival';
import { live } from './live/live.svelte';
import './app.css';

const shared = sharedHash(location.pathname);
if (shared !== null) history.replaceState(null, '', `/${shared}`);
const arrival = arrivalOf(location);
if (arrival !== null) {
  bring(arrival.brought);
  history.replaceState(null, '', `/${arrival.hash}`);
}

live.start();

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
