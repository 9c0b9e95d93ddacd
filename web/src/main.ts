import { mount } from 'svelte';
import App from './app/App.svelte';
import { sharedHash } from './app/paths';
import { live } from './live/live.svelte';
import './app.css';

const shared = sharedHash(location.pathname);
if (shared !== null) history.replaceState(null, '', `/${shared}`);

live.start();

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
