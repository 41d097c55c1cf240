import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { fingerprint } from '../support/sandbox.ts';
import { rowOn } from './support/other-system.ts';

// Row 78 of the fault matrix: what only Windows can show. A specification: nobody who wrote it had a Windows, and it
// has never run. The job of that name in .github/workflows/ci.yml runs it; where it fails, find out who is right.

/** PowerShell that goes on until the test ends. It says one line when it has done what it is for. */
const powershell = async (script: string): Promise<void> => {
  const child = spawn('powershell', ['-NoProfile', '-Command', `${script}; Write-Output ready; Start-Sleep 600`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill();
  });
  await new Promise((resolve, reject) => child.once('error', reject).stdout.once('data', resolve));
};

/** Opened so that nobody else may read, write, rename or delete it. */
const hold = (file: string) =>
  powershell(`$held = [IO.File]::Open('${file}', [IO.FileMode]::Open, [IO.FileAccess]::Read, [IO.FileShare]::None)`);

/** By a path that reaches beyond 260 characters and to names that mean devices. */
const long = (at: string): string => `\\\\?\\${at}`;

rowOn('win32', 78, 'a file of the unit is open', async ({ unit, clear, run }) => {
  const file = path.join(unit, 'b', '1');
  await hold(file);
  const { code, operation, error } = await clear();
  // A folder with an open file in it cannot be renamed: it is untouched, and somebody or nobody is named, never a lie.
  expect(code).not.toBe(0);
  expect(error ?? operation?.errors[0]).toMatchObject({ code: expect.stringMatching(/^(EPERM|EBUSY|EACCES|in-use)$/) });
  expect(fs.readdirSync(unit).sort()).toEqual(['a', 'b', 'c']);
  expect(fs.readdirSync(path.dirname(unit)).filter((name) => name.includes('.stale-'))).toEqual([]);
  expect((await run('recover')).code).toBe(0);
});

rowOn('win32', 78, 'somebody watches the unit', async ({ unit, clear, run }) => {
  const watcher = fs.watch(unit, { recursive: true });
  const { operation } = await clear();
  watcher.close();
  // Whether Windows lets it be renamed depends on how the watcher opened it. It is whole or gone, and it is said.
  if (operation?.state === 'done') expect(fs.existsSync(unit)).toBe(false);
  else expect(fs.readdirSync(unit).sort()).toEqual(['a', 'b', 'c']);
  await run('recover');
  await run('recover');
  expect(fs.readdirSync(path.dirname(unit)).filter((name) => /\.(stale|deleting)-/.test(name))).toEqual([]);
});

rowOn('win32', 78, 'a virus scanner holds a file for a moment', async ({ unit, clear, run }) => {
  const file = path.join(unit, 'b', '1');
  // Renaming is fine (FileShare Delete), removing is put off until the scanner closes it.
  const script = `$held = [IO.File]::Open('${file}', 'Open', 'Read', 'ReadWrite, Delete'); Write-Output ready; Start-Sleep 2; $held.Close()`;
  await powershell(script);
  const first = await clear();
  expect(['done', 'partial', 'failed']).toContain(first.operation?.state);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await run('recover');
  expect(fs.readdirSync(path.dirname(unit)).filter((name) => /\.(stale|deleting)-/.test(name))).toEqual([]);
});

rowOn('win32', 78, 'names that mean devices, and names with a dot or a space at their end', async ({ unit, clear }) => {
  for (const name of ['CON', 'nul.txt', 'AUX', 'COM1', 'dot.', 'space '])
    fs.writeFileSync(long(path.join(unit, name)), 'x');
  const { code, operation } = await clear();
  expect({ code, operation }).toMatchObject({
    code: 0,
    operation: { state: 'done', left: [], entriesDeleted: 13 + 6 },
  });
  expect(fs.existsSync(unit)).toBe(false);
});

rowOn('win32', 78, 'paths of more than 260 characters', async ({ unit, clear }) => {
  const deep = path.join(unit, ...Array.from({ length: 10 }, () => 'd'.repeat(100)));
  fs.mkdirSync(long(deep), { recursive: true });
  fs.writeFileSync(long(path.join(deep, 'bottom')), 'x');
  const { code, operation } = await clear();
  expect({ code, operation }).toMatchObject({
    code: 0,
    operation: { state: 'done', left: [], entriesDeleted: 13 + 11 },
  });
});

rowOn('win32', 78, 'a junction in the unit', async ({ home, unit, clear }) => {
  const precious = path.join(home, 'precious');
  fs.mkdirSync(precious);
  fs.writeFileSync(path.join(precious, 'photo'), 'mine');
  fs.symlinkSync(precious, path.join(unit, 'b', 'junction'), 'junction');
  const before = fingerprint(precious);
  const { code, operation } = await clear();
  expect({ code, operation }).toMatchObject({ code: 0, operation: { state: 'done', left: [] } });
  expect(fingerprint(precious)).toBe(before);
});

rowOn('win32', 78, 'the unit is a junction', async ({ home, unit, run }) => {
  const real = path.join(home, 'real');
  fs.renameSync(unit, real);
  fs.symlinkSync(real, unit, 'junction');
  const before = fingerprint(real);
  const added = await run('add', unit, '--this-is-a-cache', '--json');
  expect(added.code).toBe(3);
  expect(fingerprint(real)).toBe(before);
});

rowOn('win32', 78, 'another volume is mounted in the unit', async ({ unit, clear }, impossible) => {
  const point = path.join(unit, 'b', 'mnt');
  fs.mkdirSync(point);
  // The volume of the system once more, at another place: what a delete that went in would destroy.
  const system = `${process.env['SystemDrive'] ?? 'C:'}\\`;
  const volume = execFileSync('mountvol', [system, '/L'], { encoding: 'utf8' }).trim();
  const mounted = spawnSync('mountvol', [point, volume], { encoding: 'utf8' });
  if (mounted.status !== 0) impossible(`mountvol: ${mounted.stdout}${mounted.stderr}`);
  try {
    const { code, error, operation } = await clear();
    expect(code).not.toBe(0);
    expect(error ?? operation?.errors[0]).toBeTruthy();
    expect(fs.existsSync(path.join(system, 'Windows', 'explorer.exe'))).toBe(true);
  } finally {
    const names = fs.readdirSync(path.dirname(unit)).map((name) => path.join(path.dirname(unit), name, 'b', 'mnt'));
    for (const name of [point, ...names]) spawnSync('mountvol', [name, '/D']);
  }
});

rowOn('win32', 78, 'files that are marked as read-only', async ({ unit, clear }) => {
  for (const name of ['a/0', 'b/1']) execFileSync('attrib', ['+R', path.join(unit, name)]);
  const { code, operation } = await clear();
  expect({ code, operation }).toMatchObject({ code: 0, operation: { state: 'done', left: [], entriesDeleted: 13 } });
});
