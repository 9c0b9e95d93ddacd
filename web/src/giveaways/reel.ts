/** What the slot machine shows. The server has decided before a reel stops; the reels only tell it. */

export const REELS = 3;
/** How many faces there are on a reel. */
export const FACES = 6;
/** Faces that run past before a reel stops, for the first reel; each further one runs longer. */
const RUN = 12;

/** The faces that an outcome shows: three alike for a win, never for a loss. The same seed shows the same. */
export function facesOf(won: boolean, seed: string): number[] {
  const start = hash(seed);
  const faces = Array.from({ length: REELS }, (_, reel) => Math.floor(start / FACES ** reel) % FACES);
  const [first = 0] = faces;
  if (won) return faces.map(() => first);
  return faces.every((face) => face === first) ? [...faces.slice(1), (first + 1) % FACES] : faces;
}

/** The strip of faces of one reel, from the one that shows now to the one that it stops at. */
export function stripOf(reel: number, from: number, to: number): number[] {
  const length = RUN + reel * FACES;
  const strip = Array.from({ length }, (_, place) => (from + place) % FACES);
  return [...strip.slice(0, length - 1), to];
}

// FNV-1a: small, and the same everywhere.
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
