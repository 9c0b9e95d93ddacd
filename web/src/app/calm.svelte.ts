const LONGEST_MS = 2500;

/**
 * The first screen is drawn, or is long in coming. What a reader does not wait for (the live connection, the bell, the
 * typeface) waits for this: on a phone it would stand in the way of what they do wait for.
 */
class Calm {
  reached = $state(false);

  /** `data` settles when all that was asked for ahead is here. */
  async after(data: Promise<unknown>): Promise<void> {
    await Promise.race([data.then(drawn), pause(LONGEST_MS)]);
    this.reached = true;
  }
}

export const calm = new Calm();

// The frame that shows the data is over when the task after it begins.
function drawn(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
