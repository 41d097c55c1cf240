import { appendFileSync, constants, default as fs } from 'node:fs';
import { registerHooks } from 'node:module';
import { threadId } from 'node:worker_threads';

/*
 * For tests only, loaded with --import: makes this Node lie about `.asar` files as Electron's does. `node:fs` shows
 * each as a directory that cannot be removed; `original-fs` is Node's own, untouched. A STAND-IN: it is not Electron.
 */
const untouched = { ...fs, promises: { ...fs.promises } };
const log = process.env.CACHE_INSPECTOR_TEST_ASAR_LOG;
if (log) appendFileSync(log, `${process.pid}/${threadId}\n`);

const isArchive = (path) => (typeof path === 'string' || Buffer.isBuffer(path)) && String(path).endsWith('.asar');

const asDirectory = (stats) => {
  const big = typeof stats.mode === 'bigint';
  const mode = (Number(stats.mode) & 0o777) | constants.S_IFDIR;
  return Object.assign(stats, { mode: big ? BigInt(mode) : mode, size: big ? 1n : 1, ino: big ? 1n : 1 });
};
const refuse = (name, path) => {
  throw Object.assign(new Error(`${name}: an archive, said ${path}`), { code: 'ENOTEMPTY', errno: -39, syscall: name });
};
const shows = { stat: asDirectory, lstat: asDirectory, readdir: () => ['inside'] };
const refuses = ['open', 'unlink', 'rmdir', 'rename', 'rm'];

for (const [name, show] of Object.entries(shows)) {
  const { [`${name}Sync`]: sync, promises } = fs;
  const later = promises[name];
  fs[`${name}Sync`] = (path, ...rest) =>
    isArchive(path) ? show(untouched.statSync(path, ...rest)) : sync(path, ...rest);
  promises[name] = async (path, ...rest) =>
    isArchive(path) ? show(await untouched.promises.stat(path, ...rest)) : later(path, ...rest);
}
for (const name of refuses) {
  const { [`${name}Sync`]: sync, promises } = fs;
  const later = promises[name];
  fs[`${name}Sync`] = (path, ...rest) => (isArchive(path) ? refuse(name, path) : sync(path, ...rest));
  promises[name] = async (path, ...rest) => (isArchive(path) ? refuse(name, path) : later(path, ...rest));
}

Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '45.4.1' } });
globalThis[Symbol.for('cache-inspector: original-fs')] = untouched;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'original-fs'
      ? { url: new URL('./original-fs.cjs', import.meta.url).href, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
});
