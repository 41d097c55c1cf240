import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PlaceWatch, watchPlaces } from './watch.ts';

/** What is promised is 2 s; a busy machine gets twice that. */
const promisedMs = 4000;

let home = '';
let dir = '';
let watch: PlaceWatch | null = null;
let calls = 0;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'watch-'));
  dir = join(home, 'cache');
  calls = 0;
});
afterEach(() => {
  watch?.close();
  rmSync(home, { recursive: true, force: true });
});

const start = (pollMs?: number): void => {
  watch = watchPlaces([dir, dir], () => (calls += 1), pollMs === undefined ? {} : { pollMs });
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const called = (times: number) => expect.poll(() => calls, { timeout: promisedMs, interval: 20 }).toBe(times);

describe('the watcher', () => {
  it('tells of a leftover that comes and goes, once each, and of nothing else', async () => {
    mkdirSync(dir);
    start();
    await pause(300);
    expect(calls).toBe(0);
    writeFileSync(join(dir, 'anything'), '');
    mkdirSync(join(dir, 'pkgs'));
    await pause(300);
    expect(calls).toBe(0);
    renameSync(join(dir, 'pkgs'), join(dir, 'pkgs.stale-4711'));
    await called(1);
    mkdirSync(join(dir, 'pkgs.stale-0'));
    await called(2);
    rmSync(join(dir, 'pkgs.stale-4711'), { recursive: true });
    await called(3);
  });

  it('tells of one that was there before', async () => {
    mkdirSync(join(dir, 'pkgs.stale-4711'), { recursive: true });
    start();
    await called(1);
  });

  it('tells of one in a folder that was made later', async () => {
    start();
    await pause(200);
    mkdirSync(join(dir, 'pkgs.stale-4711'), { recursive: true });
    await called(1);
  });

  it('follows a folder that was replaced by another', async () => {
    mkdirSync(dir);
    start(200);
    await pause(300);
    renameSync(dir, `${dir}-old`);
    await pause(500);
    mkdirSync(dir);
    await pause(500);
    mkdirSync(join(`${dir}-old`, 'pkgs.stale-1'));
    await pause(500);
    expect(calls).toBe(0);
    mkdirSync(join(dir, 'pkgs.stale-4711'));
    await called(1);
    rmSync(dir, { recursive: true });
    await called(2);
  });

  it('lets go while it is told to, as often as it is told to, and catches up', async () => {
    mkdirSync(dir);
    start(100);
    await pause(200);
    await watch?.suspend(dir);
    await watch?.suspend(dir);
    mkdirSync(join(dir, 'pkgs.stale-4711'));
    await pause(500);
    watch?.resume(dir);
    await pause(500);
    expect(calls).toBe(0);
    watch?.resume(dir);
    await called(1);
    await watch?.suspend('/no/such/place');
    watch?.resume('/no/such/place');
  });

  it('tells of one in a folder with very many names, and of one that comes after it was quiet for long', async () => {
    mkdirSync(dir);
    writeFileSync(join(dir, 'one'), '');
    for (let at = 0; at < 10_001; at += 1) linkSync(join(dir, 'one'), join(dir, `other-${at}`));
    mkdirSync(join(dir, 'pkgs.stale-4711'));
    start(100);
    await called(1);
    await pause(2500);
    expect(calls).toBe(1);
    rmSync(join(dir, 'pkgs.stale-4711'), { recursive: true });
    await called(2);
  });

  it('is quiet once it is closed', async () => {
    mkdirSync(dir);
    start(50);
    await pause(200);
    mkdirSync(join(dir, 'pkgs.stale-4711'));
    watch?.close();
    await pause(500);
    expect(calls).toBe(0);
  });
});
