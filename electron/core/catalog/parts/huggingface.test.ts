import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleared, everything, toldIn } from '../../../../e2e/support/cleared-parts.ts';
import { have } from '../../../../e2e/support/have.ts';
import { pythonTool } from '../../../../e2e/support/python-tools.ts';
import { hubEnv } from '../../../../e2e/support/real-hub.ts';
import { run } from '../../../../e2e/support/run.ts';
import { folderForTest, newFolder, removeFolder } from '../../../../e2e/support/temporary.ts';
import { huggingface } from '../tools/huggingface.ts';

const commitOf = (at: number): string => String(at).repeat(40).slice(0, 40);
const blobOf = (at: number): string => `b${at}`.repeat(32).slice(0, 64);

interface Made {
  /** Blobs by revision. */
  readonly revisions: readonly (readonly number[])[];
  /** Revisions by the name of a branch. */
  readonly refs: readonly number[];
  readonly unused: readonly number[];
}

const put = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

/** A repository as huggingface_hub lays it out. */
const make = (root: string, { revisions, refs, unused }: Made): string => {
  const repo = join(root, 'models--near--small');
  for (const blob of new Set([...revisions.flat(), ...unused]))
    put(join(repo, 'blobs', blobOf(blob)), 'x'.repeat(blob + 1));
  revisions.forEach((blobs, at) => {
    const snapshot = join(repo, 'snapshots', commitOf(at));
    mkdirSync(snapshot, { recursive: true });
    for (const blob of blobs) {
      const link = join(snapshot, blob % 2 === 0 ? `f${blob}` : `deep/f${blob}`);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(relative(dirname(link), join(repo, 'blobs', blobOf(blob))), link);
    }
  });
  refs.forEach((at, index) => {
    put(join(repo, 'refs', index % 2 === 0 ? `r${index}` : `pr/${index}`), commitOf(at));
  });
  put(join(repo, '.no_exist', commitOf(0), 'missing.json'), '');
  return repo;
};

const made: fc.Arbitrary<Made> = fc
  .array(fc.uniqueArray(fc.nat(5), { maxLength: 4 }), { minLength: 1, maxLength: 4 })
  .chain((revisions) =>
    fc.record({
      revisions: fc.constant(revisions),
      refs: fc.array(fc.nat(revisions.length - 1), { maxLength: 3 }),
      unused: fc.uniqueArray(fc.integer({ min: 6, max: 8 }), { maxLength: 2 }),
    }),
  );

describe.skipIf(process.platform === 'win32')('revisions of a repository', () => {
  test('whatever is chosen, those that stay keep their files and names, and nobody’s files are left behind', {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(made, fc.infiniteStream(fc.boolean()), async (its, chosen) => {
        const root = newFolder();
        try {
          const repo = make(root, its);
          const unusedBefore = new Set(
            (await toldIn(huggingface, root))
              .filter(({ kind }) => kind === 'file of no revision')
              .map(({ key }) => key),
          );
          const picks = new Map(
            (await toldIn(huggingface, root)).map(({ key }) => [key, chosen.next().value === true]),
          );
          const done = await cleared(huggingface, root, ({ key }) => picks.get(key) === true, { moreMayGo: true });
          const after = await toldIn(huggingface, root);
          its.revisions.forEach((blobs, at) => {
            const stands = existsSync(join(repo, 'snapshots', commitOf(at)));
            const goes = picks.get(`snapshots/${commitOf(at)}`) === true;
            if (goes) expect(stands).toBe(false);
            if (!stands) return;
            for (const blob of blobs) {
              const link = join(repo, 'snapshots', commitOf(at), blob % 2 === 0 ? `f${blob}` : `deep/f${blob}`);
              expect(readFileSync(resolve(dirname(link), readlinkSync(link)), 'utf8')).toBe('x'.repeat(blob + 1));
            }
          });
          if (existsSync(repo))
            its.refs.forEach((at, index) => {
              const ref = join(repo, 'refs', index % 2 === 0 ? `r${index}` : `pr/${index}`);
              expect(existsSync(ref)).toBe(existsSync(join(repo, 'snapshots', commitOf(at))));
            });
          expect(after.filter(({ kind, key }) => kind === 'file of no revision' && !unusedBefore.has(key))).toEqual([]);
          done.undo();
        } finally {
          removeFolder(root);
          removeFolder(`${root}.stale-1`);
        }
      }),
      { numRuns: process.env['LONG'] ? 500 : 40 },
    );
  });

  test('a link that leads out takes nothing along, and shared files alone stay', async () => {
    const root = folderForTest();
    const outside = folderForTest();
    put(join(outside, 'mine'), 'mine');
    const repo = make(root, {
      revisions: [
        [0, 1],
        [1, 2],
      ],
      refs: [0],
      unused: [],
    });
    symlinkSync(join(outside, 'mine'), join(repo, 'snapshots', commitOf(0), 'mine'));
    symlinkSync('../../../../other', join(repo, 'snapshots', commitOf(0), 'other'));
    const before = everything(outside);
    const shared = await cleared(huggingface, root, ({ key }) => key === 'blobs' || key === 'notes');
    expect(shared.plan.moves).toEqual([]);
    expect(shared.plan.stays.map(({ key }) => key).sort()).toEqual(['blobs', 'notes']);
    const done = await cleared(huggingface, root, ({ key }) => key === `snapshots/${commitOf(0)}`, { moreMayGo: true });
    expect(done.plan.moves).toEqual(
      ['refs/r0', `snapshots/${commitOf(0)}`, `blobs/${blobOf(0)}`].map((path) => `models--near--small/${path}`),
    );
    expect(everything(outside)).toEqual(before);
  });
});

const library = process.platform === 'linux' ? await pythonTool('huggingface-hub') : null;
const real = have('huggingface_hub', library !== null || process.platform !== 'linux');

describe.skipIf(real.skip || library === null)(`beside the real huggingface_hub${real.note}`, () => {
  test('the plan is what delete_revisions would delete', async () => {
    const root = folderForTest();
    make(root, {
      revisions: [
        [0, 1, 3],
        [1, 2],
        [2, 4],
      ],
      refs: [0, 1, 0],
      unused: [],
    });
    const choices = [[0], [1], [0, 1], [2], [1, 2]];
    const ask = `import json, sys
from huggingface_hub import scan_cache_dir
found = scan_cache_dir(${JSON.stringify(root)})
assert not found.warnings, found.warnings
out = []
for commits in json.loads(sys.argv[1]):
    plan = found.delete_revisions(*commits)
    out.append(sorted(str(p) for p in [*plan.blobs, *plan.refs, *plan.snapshots, *plan.repos]))
print(json.dumps(out))`;
    const commits = choices.map((some) => some.map(commitOf));
    const ran = await run('python3', ['-c', ask, JSON.stringify(commits)], {
      env: hubEnv(root, library ?? '', 'http://127.0.0.1:9'),
    });
    expect(ran.code, ran.stderr).toBe(0);
    const said = JSON.parse(ran.stdout) as readonly (readonly string[])[];
    for (const [index, some] of commits.entries()) {
      const done = await cleared(huggingface, root, ({ key }) => some.some((commit) => key === `snapshots/${commit}`), {
        moreMayGo: true,
      });
      expect(done.plan.moves.map((path) => join(root, path)).sort()).toEqual(said[index]);
      done.undo();
    }
  });
});
