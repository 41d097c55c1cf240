import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { du, fingerprint, sandbox, smallTree, write } from '../../../e2e/support/sandbox.ts';
import { CodedError } from '../../../shared/errors.ts';
import { deleteTree } from './deleter.ts';
import { forkHelper, type HelperProcess } from './helper-process.ts';
import { orderFor, remove, ways } from './testing/delete-here.ts';

const many = (at: string, files = 8000): void => {
  for (let d = 0; d < 40; d += 1) {
    fs.mkdirSync(path.join(at, String(d)), { recursive: true });
    for (let f = 0; f < files / 40; f += 1) fs.writeFileSync(path.join(at, String(d), String(f)), '');
  }
};

const entriesOf = (at: string): number => fs.readdirSync(at, { recursive: true }).length;

/** Resolves when the delete has begun: something is gone that was there. */
const begun = async (at: string): Promise<void> => {
  const before = fs.readdirSync(at).map((name) => path.join(at, name));
  const counts = before.map((dir) => fs.readdirSync(dir).length);
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    const first = before[0] ?? at;
    for (const [index, dir] of before.entries()) {
      if (!fs.existsSync(dir) || fs.readdirSync(dir).length < (counts[index] ?? 0)) return;
    }
    if (!fs.existsSync(first)) return;
  }
};

const codeOf = (thrown: unknown): string => (thrown instanceof CodedError ? thrown.code : String(thrown));

describe.each(ways)('a delete that is stopped, by %s', (way) => {
  it('keeps the rest when it is cancelled, and a second run finishes', async () => {
    const at = path.join(sandbox(), 'D');
    many(at);
    const abort = new AbortController();
    const running = remove(at, way, { signal: abort.signal });
    await begun(at);
    abort.abort();
    const report = await running;
    expect(report).toMatchObject({ cancelled: true, gone: false, leftCount: 0 });
    expect(entriesOf(at)).toBeGreaterThan(0);
    expect(await remove(at, way)).toMatchObject({ gone: true, cancelled: false });
  });

  it('touches nothing when it is cancelled before it begins', async () => {
    const at = path.join(sandbox(), 'D');
    smallTree(at);
    const before = fingerprint(at);
    const helper: HelperProcess = forkHelper(new URL('./delete-helper.ts', import.meta.url));
    onTestFinished(() => helper.kill());
    // The helper hears of the cancel first: messages keep their order.
    helper.send({ type: 'cancel' });
    helper.send({ type: 'delete', job: { ...orderFor(at), way, threads: 4 } });
    const news = await new Promise((resolve) => helper.onMessage(resolve));
    expect(news).toMatchObject({ type: 'done', report: { cancelled: true, gone: false, entries: 0 } });
    expect(fingerprint(at)).toBe(before);
  });

  it('says that its helper died when that is killed, and a second run finishes', async () => {
    const at = path.join(sandbox(), 'D');
    many(at);
    let helper: HelperProcess | null = null;
    const running = remove(at, way, {
      fork: (file) => {
        helper = forkHelper(file);
        return helper;
      },
    }).then(
      () => 'done',
      (thrown: unknown) => codeOf(thrown),
    );
    await begun(at);
    (helper as HelperProcess | null)?.kill();
    expect(await running).toBe('helper-died');
    expect(entriesOf(at)).toBeGreaterThan(0);
    expect(await remove(at, way)).toMatchObject({ gone: true });
  });
});

describe.each(ways)('a tree that is not what it was, by %s', (way) => {
  it('leaves another directory of the same name alone', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    smallTree(at);
    const order = orderFor(at);
    fs.renameSync(at, path.join(box, 'moved'));
    smallTree(at);
    const before = [fingerprint(at), fingerprint(path.join(box, 'moved'))];
    const refused = await deleteTree(order, { way }).catch(codeOf);
    expect(refused).toBe('changed');
    expect([fingerprint(at), fingerprint(path.join(box, 'moved'))]).toEqual(before);
  });

  it('leaves a link alone, and what it leads to', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    smallTree(at);
    const order = orderFor(at);
    fs.renameSync(at, path.join(box, 'moved'));
    fs.symlinkSync('moved', at);
    expect(await deleteTree(order, { way }).catch(codeOf)).toBe('changed');
    expect(fs.readlinkSync(at)).toBe('moved');
    expect(entriesOf(path.join(box, 'moved'))).toBe(12);
  });

  it('leaves a file alone that stands there now', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    smallTree(at);
    const order = orderFor(at);
    fs.renameSync(at, path.join(box, 'moved'));
    write(box, { D: 'mine' });
    expect(await deleteTree(order, { way }).catch(codeOf)).toBe('changed');
    expect(fs.readFileSync(at, 'utf8')).toBe('mine');
  });

  it('ends in spite of somebody who keeps writing into it, and a later run finishes', async () => {
    const at = path.join(sandbox(), 'D');
    smallTree(at);
    const program =
      'const fs = require("fs"); process.chdir(process.argv[1]); fs.writeSync(1, "on"); let n = 0; for (;;) {' +
      ' for (const dir of ["a", "b", "new"]) try { fs.mkdirSync(dir, { recursive: true }); fs.writeFileSync(dir + "/" + n++, "w") } catch {} }';
    const writer = spawn(process.execPath, ['-e', program, at], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => {
      writer.kill('SIGKILL');
    });
    await once(writer.stdout, 'data');
    const first = await remove(at, way);
    const exit = once(writer, 'exit');
    writer.kill('SIGKILL');
    await exit;
    if (!first.gone) {
      expect(
        first.left.every(({ errno }) => errno === 39),
        JSON.stringify(first.left),
      ).toBe(true);
      expect(await remove(at, way)).toMatchObject({ gone: true });
    }
    expect(fs.existsSync(at)).toBe(false);
    expect(first.freed).toBeGreaterThanOrEqual(0);
    expect(du(path.dirname(at))).toBeGreaterThan(0);
  });
});
