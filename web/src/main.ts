import { mount } from 'svelte';
import App from './app/App.svelte';
import { sharedHash } from './app/paths';
import { live } from './live/live.svelte';
import { market } from './market/market.svelte';
import './app.css';

const shared = sharedHash(location.pathname);
if (shared !== null) history.replaceState(null, '', `/${shared}`);

void market.load();
live.start();

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
