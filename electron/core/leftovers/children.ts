import type { Raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';

/** Names that are taken from the system in one go: a folder may hold a million, and nothing else waits for them. */
const atOnce = 512;

/** The names in a folder, as the bytes that they are, in no order. @throws as `opendir` does, also in the middle. */
export async function* namesIn(dir: Raw): AsyncGenerator<Raw> {
  // Node types names as text although they are the bytes that were asked for.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: atOnce };
  for await (const { name } of await fs.promises.opendir(dir, options)) yield name as unknown as Raw;
}
