import { look } from '../fs/identity.ts';
import type { Raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import type { Eye } from './grammars/tool-grammar.ts';

const mostNames = 5000;
const mostBytes = 256 * 1024;

const readSmall = (path: Raw): string | null => {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
  const fd = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = fs.fstatSync(fd);
    if (!stats.isFile() || stats.size > mostBytes) return null;
    const buffer = Buffer.alloc(stats.size);
    let filled = 0;
    while (filled < buffer.length) {
      const got = fs.readSync(fd, buffer, filled, buffer.length - filled, filled);
      if (got === 0) break;
      filled += got;
    }
    return buffer.subarray(0, filled).toString('utf8');
  } finally {
    fs.closeSync(fd);
  }
};

const someNames = (dir: Raw): readonly string[] => {
  // Node types names as text although they are the bytes that were asked for.
  const opened = fs.opendirSync(dir as unknown as string, {
    encoding: 'buffer' as BufferEncoding,
    bufferSize: 1024,
  });
  try {
    const names: string[] = [];
    for (let entry = opened.readSync(); entry !== null && names.length < mostNames; entry = opened.readSync()) {
      names.push((entry.name as unknown as Raw).toString('latin1'));
    }
    return names;
  } finally {
    opened.closeSync();
  }
};

const orElse = <Value>(other: Value, ask: () => Value): Value => {
  try {
    return ask();
  } catch {
    return other;
  }
};

/** The disk, as grammars may look at it. */
const eye: Eye = {
  facts: (path) => orElse(null, () => look(path)),
  names: (dir) => orElse([], () => (look(dir)?.kind === 'directory' ? someNames(dir) : [])),
  text: (path) => orElse(null, () => readSmall(path)),
};

/** How many folders' names such an eye keeps: what stands in one folder is judged one after the other. */
const mostKept = 4;

/** Such an eye for one look: the names in a folder are not read anew for everything in it. */
export const newEye = (): Eye => {
  const known = new Map<string, readonly string[]>();
  return {
    ...eye,
    names: (dir) => {
      const key = dir.toString('latin1');
      const names = known.get(key) ?? eye.names(dir);
      known.delete(key);
      known.set(key, names);
      const [oldest] = known.keys();
      if (known.size > mostKept && oldest !== undefined) known.delete(oldest);
      return names;
    },
  };
};
