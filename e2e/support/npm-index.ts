import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface IndexedPackage {
  readonly name: string;
  readonly version: string;
  /** Bytes of its content; absent: the content is missing, so the entry is damaged. */
  readonly bytes?: number;
  readonly time?: number;
}

const line = ({ name, version, bytes, time = 1_700_000_000_000 }: IndexedPackage, digest: string): string => {
  const url = `https://registry.example/${name}/-/${name}-${version}.tgz`;
  const json = JSON.stringify({
    key: `make-fetch-happen:request-cache:${url}`,
    integrity: `sha512-${Buffer.from(digest, 'hex').toString('base64')}`,
    time,
    size: bytes ?? 1,
    metadata: { url },
  });
  return `\n${createHash('sha1').update(json).digest('hex')}\t${json}`;
};

const bucketOf = ({ name, version }: IndexedPackage): string => {
  const key = `make-fetch-happen:request-cache:https://registry.example/${name}/-/${name}-${version}.tgz`;
  const hash = createHash('sha256').update(key).digest('hex');
  return path.join(hash.slice(0, 2), hash.slice(2, 4), hash.slice(4));
};

const put = (file: string, content: string): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
};

/** Packages as npm stores them, each in its own index file, below `root`/_cacache. */
export const writePackages = (root: string, packages: readonly IndexedPackage[]): void => {
  for (const one of packages) {
    const content = `${one.name}@${one.version}`.padEnd(one.bytes ?? 0, '.').slice(0, one.bytes ?? 0);
    const digest = createHash('sha512')
      .update(one.bytes === undefined ? `missing ${one.name}` : content)
      .digest('hex');
    put(path.join(root, '_cacache', 'index-v5', bucketOf(one)), line(one, digest));
    if (one.bytes === undefined) continue;
    const place = ['content-v2', 'sha512', digest.slice(0, 2), digest.slice(2, 4), digest.slice(4)];
    put(path.join(root, '_cacache', ...place), content);
  }
};

/**
 * Very many entries in few files: index files that hold 1000 records each, all of them damaged (their content is
 * missing). Writing them takes a moment, reading them takes seconds.
 */
export const writeCrowdedIndex = (root: string, files: number): void => {
  for (let file = 0; file < files; file += 1) {
    const lines = Array.from({ length: 1000 }, (_, record) => {
      const one = { name: `package-${file}`, version: `1.${record}.0` };
      return line(one, createHash('sha512').update(`${file} ${record}`).digest('hex'));
    });
    const hex = file.toString(16).padStart(4, '0');
    put(path.join(root, '_cacache', 'index-v5', hex.slice(0, 2), hex.slice(2), 'f'.repeat(60)), lines.join(''));
  }
};
