import { Decoder } from '../catalog/decoder.ts';

/*
 * The thread that holds the entries of one view. They are decoded in a thread of their own that belongs to this one:
 * rows are given at once whatever a decoder is at, and what was read stays when it dies. That thread starts first, and
 * all else is loaded meanwhile: somebody waits for the first rows.
 */
const decoder = new Decoder();
decoder.warm();
const [{ entriesService }, { serveThread }] = await Promise.all([
  import('./entries-service.ts'),
  import('./serve-thread.ts'),
]);
serveThread((tell) => entriesService(decoder, tell));
