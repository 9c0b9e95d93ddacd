import { mount } from 'svelte';
import App from './app/App.svelte';
import { live } from './live/live.svelte';
import { market } from './market/market.svelte';
import './app.css';

void market.load();
live.start();

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
