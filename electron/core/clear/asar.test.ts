import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { du } from '../../../e2e/support/sandbox.ts';
import type { AsarOneAnswer, AsarOneOrder } from './testing/asar-one.ts';
import { answerOf, command, script } from './testing/children.ts';
import { homeEnv, newHome } from './testing/home.ts';

/** A valid archive with one file in it, as Electron packs programs: a pickled length, a header in JSON, the content. */
const asar = (content: string): Buffer => {
  const header = Buffer.from(JSON.stringify({ files: { inside: { size: content.length, offset: '0' } } }));
  const padded = Math.ceil(header.length / 4) * 4;
  const start = Buffer.alloc(16);
  start.writeUInt32LE(4, 0);
  start.writeUInt32LE(padded + 8, 4);
  start.writeUInt32LE(padded + 4, 8);
  start.writeUInt32LE(header.length, 12);
  return Buffer.concat([start, header, Buffer.alloc(padded - header.length), Buffer.from(content)]);
};

/** Enough for several threads of a scan and of a delete to be at work. */
const many = 2500;

describe('a cache with .asar files in it, where node:fs takes them for directories (a stand-in for Electron)', () => {
  it('is measured and cleared like any other, in every thread and process', async () => {
    const { box, home, stateDir, unit } = newHome();
    const archive = path.join(unit, 'a', 'app.asar');
    for (const at of [archive, path.join(unit, 'electron.asar'), path.join(unit, 'b', 'x.ASAR')]) {
      fs.writeFileSync(at, asar('program '.repeat(2000)));
    }
    for (let dir = 0; dir < 50; dir += 1) {
      fs.mkdirSync(path.join(unit, `d${dir}`));
      for (let file = 0; file < many / 50; file += 1)
        fs.writeFileSync(path.join(unit, `d${dir}`, `${file}.asar`), asar('x'));
    }
    const allocated = du(unit);
    const log = path.join(box, 'threads');
    const order: AsarOneOrder = { stateDir, archive };
    const hook = new URL('../fs/testing/asar-fs.mjs', import.meta.url);
    const ended = await command(script('asar-one', order), {
      ...homeEnv(home),
      NODE_OPTIONS: `--import ${hook.href}`,
      CACHE_INSPECTOR_TEST_ASAR_LOG: log,
    });
    const answer = answerOf<AsarOneAnswer>(ended);

    expect(answer.shownAsDirectory).toBe(true);
    expect(answer.unit?.bytes?.allocated).toBe(allocated);
    expect(answer.unit?.unreadable).toEqual([]);
    expect(answer.operations.map(({ state, left }) => [state, left])).toEqual([['done', []]]);
    expect(fs.existsSync(unit)).toBe(false);
    expect(fs.readdirSync(path.dirname(unit))).toEqual([]);

    // The lie was told to the helper process and to threads of both, not to the first thread alone.
    const threads = fs.readFileSync(log, 'utf8').trim().split('\n');
    expect(new Set(threads.map((thread) => thread.split('/')[0])).size).toBeGreaterThan(1);
    expect(threads.filter((thread) => !thread.endsWith('/0')).length).toBeGreaterThan(3);
  });
});
