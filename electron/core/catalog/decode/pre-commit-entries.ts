import type { Reader } from '../../fs/reader.ts';
import type { RawEntry, UnitDefinition } from '../tool.ts';
import { entry, shown, timestamp } from './entry.ts';
import { preCommitRepo } from './pre-commit-book.ts';
import { thing } from './thing.ts';
import { childrenOf, sizeOf } from './walk.ts';

/** `py_env-python3.11`, `node_env-20.1.0`: the language's folder and its version (pre_commit/lang_base.py, environment_dir). */
const environment = /^([a-z]+_?env)-(.+)$/;

/** `github.com/psf/black` for `https://github.com/psf/black.git`. */
const shortened = (repo: string): string => repo.replace(/^[a-z+]+:\/\/(?:[^/@]*@)?/, '').replace(/\.git$/, '');

/**
 * A repository of hooks: what was cloned, and each environment in it. Which repository it is stands in db.db alone, so
 * it has no name where that cannot be read. Never throws.
 */
export function* preCommitEntries(root: string, path: string, unit: UnitDefinition, read: Reader): Generator<RawEntry> {
  if (unit.kind === 'file') {
    if (read.facts(path)?.kind === 'file') yield thing(read, path, unit.name, 'list', { name: unit.name });
    return;
  }
  const children = childrenOf(read, path);
  if (children.length === 0) return;
  const said = preCommitRepo(root, unit.name, read);
  const usedBy = said?.usedBy ?? null;
  const rest = children.filter(({ name }) => !environment.test(name));
  if (rest.length > 0) {
    const sizes = rest.map((child) => sizeOf(read, child.path));
    yield entry('.', said?.packages ? 'clone with packages' : 'clone', {
      name: said === null ? null : said.packages ? `${shortened(said.repo)}, ${said.packages}` : shortened(said.repo),
      version: said?.ref ?? null,
      url: said === null || said.repo === 'local' ? null : said.repo,
      bytes: sizes.reduce<number | null>((sum, size) => (sum === null || size === null ? null : sum + size), 0),
      created: timestamp(read.facts(path)?.mtimeMs),
      lastUsed: timestamp(read.lastUse(path)),
      usedBy,
    });
  }
  for (const child of children) {
    const found = environment.exec(child.name);
    if (found === null) continue;
    const named = { name: found[1] ?? null, version: found[2] ?? null };
    yield { ...thing(read, child.path, child.name, 'environment', named), usedBy: usedBy?.map(shown) ?? null };
  }
}
