import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { filesBelow } from '../../fixtures/store.ts';
import { zip } from '../archives.ts';
import type { Edit } from './edits.ts';

const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });

/** A zip that says it holds a gigabyte in each of two files, and one whose single file unpacks to 64 MiB. */
const bombs = {
  gzip: zeros,
  zip: ((): Buffer => {
    const made = zip([
      { name: 'a-1.dist-info/METADATA', data: 'x' },
      { name: 'node_modules/a/x', data: 'y' },
    ]);
    for (let found = made.indexOf('PK\x01\x02'); found !== -1; found = made.indexOf('PK\x01\x02', found + 4))
      made.writeUInt32LE(2 ** 30, found + 24);
    return made;
  })(),
};

type Content =
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly size?: number }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'folder' | 'nothing' | 'pipe' };

const splice = (bytes: Buffer, at: number, width: number, put: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + width)]);

const edited = (bytes: Buffer, edit: Edit): Buffer => {
  if (!('at' in edit)) return bytes;
  const at = edit.at % (bytes.length + 1);
  switch (edit.op) {
    case 'flip': {
      const put = Buffer.from(bytes.subarray(at, at + edit.width)).map((byte) => byte ^ (1 << (edit.at % 8)));
      return splice(bytes, at, put.length, put);
    }
    case 'huge':
      return splice(bytes, at, edit.width, Buffer.alloc(edit.width, edit.at % 2 === 0 ? 0xff : 0x7f));
    case 'control':
      return splice(bytes, at, edit.width, Buffer.from('\u001b[2J\u0000\n\u202e'));
    case 'cut':
      return splice(bytes, at, edit.width, Buffer.alloc(0));
    case 'repeat':
      return splice(bytes, at, 0, Buffer.concat(Array(20).fill(bytes.subarray(at, at + edit.width))));
    case 'put':
      return splice(bytes, at, edit.at % 3, edit.bytes);
    case 'deep':
      return splice(bytes, at, 0, Buffer.from(edit.opens.repeat(edit.depth), 'latin1'));
  }
};

/** A copy of a cache that is edited, read, and put back as it was. */
export class EditedCopy {
  readonly root: string;
  readonly #originals = new Map<string, { readonly bytes: Buffer; readonly mtime: Date }>();
  readonly #paths: readonly string[];
  #touched: string[] = [];

  constructor(root: string) {
    this.root = root;
    this.#paths = filesBelow(root).toSorted();
    for (const path of this.#paths)
      this.#originals.set(path, { bytes: readFileSync(path), mtime: lstatSync(path).mtime });
  }

  /** Carries edits out, one after another. Returns how many bytes the files have more than before, at most. */
  edit(edits: readonly Edit[]): number {
    const now = new Map<string, Content>();
    const contentOf = (path: string): Content =>
      now.get(path) ?? { kind: 'file', bytes: this.#originals.get(path)?.bytes ?? Buffer.alloc(0) };
    for (const edit of edits) {
      const path = this.#paths[edit.file % this.#paths.length];
      if (path === undefined) continue;
      const content = contentOf(path);
      if (edit.op === 'become')
        now.set(
          path,
          edit.what === 'link' || edit.what === 'loop'
            ? { kind: 'link', target: edit.what === 'loop' ? path : '/etc/hostname' }
            : { kind: edit.what },
        );
      else if (edit.op === 'swap') {
        const other = this.#paths[edit.other % this.#paths.length] ?? path;
        const its = contentOf(other);
        now.set(other, content).set(path, its);
      } else if (edit.op === 'rename') now.set(path, { kind: 'nothing' }).set(join(dirname(path), edit.name), content);
      else if (edit.op === 'beside') now.set(join(dirname(path), edit.name), content);
      else if (edit.op === 'bomb') now.set(path, { kind: 'file', bytes: bombs[edit.kind] });
      else if (content.kind === 'file')
        now.set(
          path,
          edit.op === 'grow' ? { ...content, size: edit.to } : { ...content, bytes: edited(content.bytes, edit) },
        );
    }
    let grown = 0;
    for (const [path, content] of now) {
      this.#touched.push(path);
      grown += this.#write(path, content);
    }
    return grown;
  }

  #write(path: string, content: Content): number {
    rmSync(path, { recursive: true, force: true });
    if (content.kind === 'folder') mkdirSync(path);
    if (content.kind === 'link') symlinkSync(content.target, path);
    if (content.kind === 'pipe') execFileSync('mkfifo', [path]);
    if (content.kind !== 'file') return 0;
    writeFileSync(path, content.bytes);
    if (content.size !== undefined) truncateSync(path, content.size);
    return content.size ?? content.bytes.length;
  }

  restore(): void {
    for (const path of this.#touched.splice(0)) {
      rmSync(path, { recursive: true, force: true });
      const original = this.#originals.get(path);
      if (original === undefined) continue;
      writeFileSync(path, original.bytes);
      utimesSync(path, original.mtime, original.mtime);
    }
  }
}
