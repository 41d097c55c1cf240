import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decoder } from '../../electron/core/catalog/decoder.ts';
import { tools } from '../../electron/core/catalog/index.ts';
import { reader } from '../../electron/core/fs/reader.ts';
import { zip } from '../support/archives.ts';
import { writePackages } from '../support/npm-index.ts';
import { type GoalRow, quantile } from './goals.ts';

/** Modules as go keeps them: unpacked, and what was downloaded of each. */
const writeModules = (root: string, count: number): void => {
  for (let one = 0; one < count; one += 1) {
    const [name, version] = [`m${one}.example/module`, 'v1.2.3'];
    const files = [
      { name: `${name}@${version}/go.mod`, data: `module ${name}\n` },
      { name: `${name}@${version}/a.go`, data: `package a // ${one}\n` },
    ];
    mkdirSync(join(root, `${name}@${version}`), { recursive: true });
    for (const file of files) writeFileSync(join(root, file.name), file.data);
    const downloads = join(root, 'cache', 'download', name, '@v');
    mkdirSync(downloads, { recursive: true });
    writeFileSync(join(downloads, 'list'), `${version}\n`);
    writeFileSync(join(downloads, `${version}.info`), `{"Version":"${version}","Time":"2026-01-02T03:04:05Z"}`);
    writeFileSync(join(downloads, `${version}.mod`), `module ${name}\n`);
    writeFileSync(join(downloads, `${version}.zip`), zip(files));
    writeFileSync(join(downloads, `${version}.ziphash`), 'h1:x');
  }
};

interface Read {
  readonly first: number;
  readonly all: number;
  readonly entries: number;
}

/** Reads all of a cache as the program does, by a thread that is not there yet: ms until the first batch, and until the end. */
const readOnce = async (id: string, root: string): Promise<Read> => {
  const tool = tools.find((it) => it.id === id);
  const decoder = new Decoder();
  const began = performance.now();
  let first = 0;
  let entries = 0;
  for (const unit of tool?.units(root, reader) ?? [])
    await decoder.entries({ tool: id, root, unit }, (batch) => {
      if (entries === 0 && batch.length > 0) first = performance.now() - began;
      entries += batch.length;
    });
  const all = performance.now() - began;
  await decoder.close();
  return { first, all, entries };
};

/** The median of some runs; the files are in memory, as the tool that has just used them left them. */
const median = async (id: string, root: string, runs = 5): Promise<Read> => {
  const reads: Read[] = [];
  for (let run = 0; run < runs; run += 1) reads.push(await readOnce(id, root));
  const of = (part: keyof Read): number =>
    quantile(
      reads.map((read) => read[part]),
      0.5,
    );
  return { first: of('first'), all: of('all'), entries: of('entries') };
};

/** How soon the contents of large caches are there, against what is promised. */
export const benchContents = async (base: string, records = 50_000, modules = 2_000): Promise<readonly GoalRow[]> => {
  const npmRoot = join(base, 'npm');
  const goRoot = join(base, 'mod');
  writePackages(
    npmRoot,
    Array.from({ length: records }, (_, one) => ({ name: `package-${one}`, version: `1.${one % 40}.0`, bytes: 20 })),
  );
  writeModules(goRoot, modules);
  const npm = await median('npm', npmRoot);
  const go = await median('go-mod', goRoot);
  return [
    { name: 'npm: the first rows', value: npm.first, unit: 'ms', goal: 300 },
    { name: 'npm: all rows', value: npm.all, unit: 'ms', goal: 2_000, note: `${npm.entries} records` },
    { name: 'Go modules: all rows', value: go.all, unit: 'ms', goal: 1_000, note: `${modules} modules` },
  ];
};
