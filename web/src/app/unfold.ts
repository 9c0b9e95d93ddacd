// Runs where the document ends, inline: shows the page that was asked for as the build has drawn it, until the client
// takes it over.
import { SIGNED_IN } from '../api/shared';

const early = globalThis.finvaultEarly;
const app = document.getElementById('app');
if (early && app) {
  let signedIn = false;
  try {
    signedIn = localStorage.getItem(SIGNED_IN) !== null;
  } catch {
    // A browser that keeps nothing for a page.
  }
  const drawn = document.getElementById(`shell-${early.shell}${signedIn ? '-in' : ''}`);
  const account = /PACC_[0-9A-Z]+/.exec(location.hash)?.[0] ?? '';
  if (drawn instanceof HTMLTemplateElement) {
    for (const link of drawn.content.querySelectorAll('a')) {
      link.setAttribute('href', link.getAttribute('href')?.replace('PACC_0', account) ?? '');
    }
    app.append(drawn.content);
  }

  const keep = (event: Event): void => {
    event.preventDefault();
    early.clicked = event.target instanceof Element ? event.target.closest('a, button, summary') : null;
  };
  app.addEventListener('click', keep);
  early.handOver = () => app.removeEventListener('click', keep);
}
// The first of these reads the tables of all languages, which takes a phone longer than a screen of prices; now it only
// waits for the network, once it has something to wait for.
void Promise.resolve(early?.asked).then(() =>
  setTimeout(() => new Intl.NumberFormat('en-IN', { style: 'currency', currency: 'INR' }).format(1)));
for (const template of document.querySelectorAll('template')) template.remove();
