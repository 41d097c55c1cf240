import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import fc from 'fast-check';
import { fs } from '../../../fs/seam.ts';

/** One thing of a tree. Names are bytes, written as one character each. Modes are those of chmod(2). */
export type Node =
  | { readonly kind: 'file'; readonly name: string; readonly mode: number }
  | { readonly kind: 'sparse'; readonly name: string }
  | { readonly kind: 'directory'; readonly name: string; readonly mode: number }
  | { readonly kind: 'link' | 'hard'; readonly name: string; readonly to: string }
  | { readonly kind: 'pipe' | 'socket'; readonly name: string }
  /** So many folders, one in the other: more than a deleter keeps open. */
  | { readonly kind: 'deep'; readonly name: string; readonly levels: number };

/** Of records that can be pasted into a test as they are printed. */
export const plain = <T>(model: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });

const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');

/** Names that programs stumble over. The last three are no UTF-8, and decode to one and the same text. */
const awkward = [
  ...['a', 'b', 'c d', 'new\nline', '-rf', '*', '.hidden', 'C:', 'a\\b', ' ', "'", '$HOME', '%00'].map(bytesOf),
  ...['é', 'e\u0301', '\ufeffbom', '\u202etxt', '💾', 'n'.repeat(255), '漢'.repeat(85)].map(bytesOf),
  ...['pkgs.stale-1', 'pkgs.deleting-1-0123456789abcdef', '.hoisted-1', '\xff', '\xfe', '\xe9'],
];
const anyBytes = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x5f : byte))).toString('latin1'))
  .filter((name) => name !== '.' && name !== '..');
const name = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...awkward) }, { weight: 1, arbitrary: anyBytes });

const only = <Kind extends string>(...kinds: readonly [Kind, ...Kind[]]) => fc.constantFrom(...kinds);
const node: fc.Arbitrary<Node> = fc.oneof(
  { weight: 4, arbitrary: plain({ kind: only('file'), name, mode: fc.constantFrom(0o644, 0o444, 0, 0o4755) }) },
  {
    weight: 4,
    arbitrary: plain({ kind: only('directory'), name, mode: fc.constantFrom(0o755, 0o700, 0o555, 0o1777) }),
  },
  {
    weight: 2,
    arbitrary: plain({ kind: only('link'), name, to: fc.constantFrom('.', '..', '/', 'a', 'nowhere') }),
  },
  { weight: 2, arbitrary: plain({ kind: only('hard'), name, to: name }) },
  { weight: 1, arbitrary: plain({ kind: only('pipe', 'socket'), name }) },
  { weight: 1, arbitrary: plain({ kind: only('sparse'), name }) },
  { weight: 1, arbitrary: plain({ kind: only('deep'), name, levels: fc.integer({ min: 2, max: 140 }) }) },
);

export const tree: fc.Arbitrary<readonly Node[]> = fc.array(node, { maxLength: 8 });

/** A pipe and a socket, to be given further names: Node can make neither at a place of its own. */
export interface Specials {
  readonly pipe: string;
  readonly socket: string;
}

/** Makes them in a new folder on the file system of the trees. */
export const makeSpecials = async (folder: string): Promise<Specials> => {
  fs.mkdirSync(folder);
  const [pipe, socket, first] = ['pipe', 'socket', 'first'].map((it) => path.join(folder, it)) as [
    string,
    string,
    string,
  ];
  execFileSync('mkfifo', [pipe]);
  const server = createServer().listen(first);
  await once(server, 'listening');
  // Whoever listens takes its own name away at the end, and no other.
  fs.linkSync(first, socket);
  server.close();
  return { pipe, socket };
};

const below = (at: Buffer, child: string): Buffer => Buffer.concat([at, Buffer.from(`/${child}`, 'latin1')]);
const isFree = (at: Buffer): boolean => fs.lstatSync(at, { throwIfNoEntry: false }) === undefined;

/** Nodes go into the last folder that was made; what cannot stand there is left out. */
export const build = (top: string, nodes: readonly Node[], specials: Specials): void => {
  fs.mkdirSync(top, { recursive: true });
  const modes: [Buffer, number][] = [];
  let at: Buffer = Buffer.from(top);
  for (const it of nodes) {
    const place = below(at, it.name);
    if (!isFree(place)) continue;
    switch (it.kind) {
      case 'file':
        fs.writeFileSync(place, it.name, { mode: 0o600 });
        fs.chmodSync(place, it.mode);
        break;
      case 'sparse':
        fs.writeFileSync(place, 'x');
        fs.truncateSync(place, 300_000);
        break;
      case 'link':
        fs.symlinkSync(it.to, place);
        break;
      case 'hard': {
        const from = below(at, it.to);
        if (fs.lstatSync(from, { throwIfNoEntry: false })?.isFile()) fs.linkSync(from, place);
        break;
      }
      case 'pipe':
      case 'socket':
        fs.linkSync(specials[it.kind], place);
        break;
      case 'directory':
        fs.mkdirSync(place);
        modes.push([place, it.mode]);
        at = place;
        break;
      case 'deep': {
        let deep = place;
        for (let level = 0; level < it.levels; level += 1) {
          fs.mkdirSync(deep);
          if (level < it.levels - 1) deep = below(deep, 'd');
        }
        fs.writeFileSync(below(deep, 'bottom'), '');
      }
    }
  }
  for (const [place, mode] of modes.reverse()) fs.chmodSync(place, mode);
};
