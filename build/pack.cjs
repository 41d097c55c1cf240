'use strict';
/*
 * Packs what `npm run build` made: node build/pack.cjs [--dir] [more options of electron-builder].
 * electron-builder would download a 7-Zip; the one that npm brought along does the same.
 */
const { spawn } = require('node:child_process');
const { chmodSync, existsSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

const root = resolve(__dirname, '..');

/** The 7-Zip of this platform, made executable: its package forgets that. */
function sevenZip() {
  const { path7za } = require('7zip-bin');
  if (!existsSync(path7za)) return {};
  if (process.platform !== 'win32') chmodSync(path7za, 0o755);
  return { ELECTRON_BUILDER_7ZIP_PATH: path7za };
}

const cli = join(dirname(require.resolve('electron-builder/package.json')), 'cli.js');
const config = join('build', 'electron-builder.config.cjs');
const args = [cli, '--config', config, '--publish', 'never', ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { cwd: root, env: { ...sevenZip(), ...process.env }, stdio: 'inherit' });
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
