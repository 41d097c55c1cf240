import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { has, missing, onLinux, sandbox, write } from '../../../e2e/support/sandbox.ts';
import { CodedError } from '../../../shared/errors.ts';
import { remove, ways } from './testing/delete-here.ts';

const lacks = !onLinux || !has('python3');
const note = lacks ? ' (SKIPPED: it needs Linux and python3 to swap two names at once)' : '';

/** renameat2(2) with RENAME_EXCHANGE, over and over, on whatever pair is named on its input. */
const swapper = `
import ctypes, sys, os, select
libc = ctypes.CDLL(None, use_errno=True)
one = two = None
print("on", flush=True)
while True:
    if select.select([0], [], [], 0)[0]:
        line = os.read(0, 65536).decode()
        if not line: sys.exit()
        one, two = [os.fsencode(p) for p in line.strip().split("\\n")[-1].split("\\t")]
    if one:
        for _ in range(50): libc.renameat2(-100, one, -100, two, 2)
`;

const rounds = process.env['LONG'] ? 1000 : 20;

describe.each(ways)('a directory that is swapped for a link while it is deleted, by %s', (way) => {
  it.skipIf(missing(lacks))(`never costs a file of the link's target, in ${rounds} rounds${note}`, async () => {
    const box = sandbox();
    const victim = path.join(box, 'victim');
    const victims = Array.from({ length: 30 }, (_, index) => `v${index}`);
    write(victim, Object.fromEntries([...victims.map((name) => [name, name]), ['inner/v', 'v']]));
    const child = spawn('python3', ['-c', swapper], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    await once(child.stdout, 'data');
    let gone = 0;
    for (let round = 0; round < rounds; round += 1) {
      const at = path.join(box, `D${round}`);
      const link = path.join(box, `L${round}`);
      for (const sub of ['a', 'swapped', 'z'])
        write(at, Object.fromEntries(victims.map((name) => [`${sub}/${name}`, 'mine'])));
      write(at, { 'swapped/inner/v': 'mine' });
      fs.symlinkSync(victim, link);
      child.stdin.write(`${path.join(at, 'swapped')}\t${link}\n`);
      const report = await remove(at, way).catch((thrown: unknown) => {
        // Seen by the identity of the working directory: stopping there is the right answer.
        expect(thrown).toBeInstanceOf(CodedError);
        return null;
      });
      if (report?.gone) gone += 1;
      const still = fs.readdirSync(victim).length + fs.readdirSync(path.join(victim, 'inner')).length;
      expect(still, `round ${round}`).toBe(victims.length + 2);
    }
    expect(gone).toBeGreaterThanOrEqual(0);
    expect(victims.every((name) => fs.readFileSync(path.join(victim, name), 'utf8') === name)).toBe(true);
  });
});
