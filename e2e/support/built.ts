import { mkdirSync, readdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isStale } from '../../build/start-parts.ts';
import { run } from './run.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));
const out = join(top, 'out');
const stamp = join(out, '.built-for-tests');
const page = join(out, 'page', 'index.html');
const pageSources = ['renderer', 'shared', 'vite.config.ts', 'package.json'].map((name) => join(top, name));

const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const newestSource = (): number =>
  Math.max(
    ...['shared', 'electron'].flatMap((room) =>
      readdirSync(join(top, room), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
        .map((entry) => timeOf(join(entry.parentPath, entry.name))),
    ),
  );

/** Test files run side by side: one of them builds. */
const alone = async (work: () => Promise<void>): Promise<void> => {
  const lock = `${stamp}.lock`;
  mkdirSync(out, { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      // Left behind by a run that was killed: nobody builds for so long.
      if (Date.now() - timeOf(lock) > 120_000) rmdirSync(lock);
      await sleep(100);
    }
  }
  try {
    await work();
  } finally {
    rmdirSync(lock);
  }
};

const build = async (step: readonly string[]): Promise<void> => {
  const ran = await run(process.execPath, step, { cwd: top });
  if (ran.code !== 0) throw new Error(`${step.join(' ')}: ${ran.stdout}${ran.stderr}`);
};

/** Builds the page, as `npm run build:page` does, unless it is newer than its sources. */
export const builtPage = (): Promise<void> =>
  alone(async () => {
    if (isStale(page, pageSources)) await build([join('node_modules', 'vite', 'bin', 'vite.js'), 'build']);
  });

/** Compiles the program to out/, as `npm run build` does, unless what stands there is newer than every source. */
export const built = async (): Promise<string> => {
  await alone(async () => {
    if (timeOf(stamp) > newestSource()) return;
    const steps = [
      [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', join('build', 'tsconfig.json')],
      [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '-c', join('build', 'preload.vite.config.ts')],
    ];
    const began = new Date();
    for (const step of steps) await build(step);
    writeFileSync(stamp, began.toISOString());
  });
  return out;
};
