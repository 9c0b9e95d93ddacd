import { IN_BROWSER } from './place';

const STEP_MS = 1000;

/** The client's time, once a second, for everything that ages on the screen. */
class Clock {
  now = $state(Date.now());

  constructor() {
    if (IN_BROWSER) setInterval(() => (this.now = Date.now()), STEP_MS);
  }
}

export const clock = new Clock();
