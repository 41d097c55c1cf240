import { basename } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { childrenOf } from '../decode/walk.ts';
import type { PartPlan, Tool } from '../tool.ts';
import { unitByPath } from './by-path.ts';
import { belowRoot, counted, planOf } from './plan.ts';

/** Pointers are some hundred bytes to some kB: headers of a response, hashes, and the name of an archive. */
const largestPointer = 64 * 1024;
/** uv gives all ids of a format one length. A bound for the work on names that somebody else gave. */
const mostLengths = 3;
/** `sdists-vN/index/<digest>/<name>/<version>/<revision>/<link>` */
const deepest = 7;

const shortestId = 12;

const needed = 'a wheel that uv built or an environment that it keeps stands in it. Choose that, and this goes along.';

const isArchives = (name: string): boolean => /^archive-v\d+$/.test(name);
/** What may lead into an archive. Sources that uv unpacked, and repositories, hold files of strangers. */
const leadsToArchives = ({ kind, name }: Child): boolean =>
  kind === 'directory' && /^(?:wheels|built-wheels|sdists|environments|binaries|python)-v\d+$/.test(name);

/** Ids of archives that a file of uv's names: those of its words that are one. */
const namedIn = (text: string, ids: ReadonlySet<string>, lengths: readonly number[]): ReadonlySet<string> => {
  const named = new Set<string>();
  for (const [run] of text.matchAll(/[\w-]{12,}/g))
    for (const length of lengths)
      for (let at = 0; at + length <= run.length; at += 1) {
        const word = run.slice(at, at + length);
        if (ids.has(word)) named.add(word);
      }
  return named;
};

/** Where each archive stands, and what leads to it, all below the root. */
interface Archives {
  readonly places: ReadonlyMap<string, string>;
  /** Ids by the path of the link or file that leads there. */
  readonly pointers: ReadonlyMap<string, ReadonlySet<string>>;
}

function* pointersIn(read: Reader, dir: string, depth = 0): Generator<Child> {
  for (const child of childrenOf(read, dir)) {
    if (child.kind === 'directory' && depth < deepest && child.name !== 'src')
      yield* pointersIn(read, child.path, depth + 1);
    else if (child.kind === 'link' || child.kind === 'file') yield child;
  }
}

const usualLengths = (ids: ReadonlySet<string>): readonly number[] => {
  const counts = new Map<number, number>();
  for (const { length } of ids) if (length >= shortestId) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostLengths)
    .map(([length]) => length);
};

const readArchives = (root: string, read: Reader): Archives => {
  const tops = childrenOf(read, root);
  const places = new Map<string, string>();
  for (const top of tops)
    if (isArchives(top.name))
      for (const { name, path } of childrenOf(read, top.path)) places.set(name, belowRoot(root, path));
  const ids = new Set(places.keys());
  const lengths = usualLengths(ids);
  const pointers = new Map<string, ReadonlySet<string>>();
  for (const top of tops.filter(leadsToArchives))
    for (const { kind, path } of pointersIn(read, top.path)) {
      const target = kind === 'link' ? basename((read.linkTarget(path) ?? '').replaceAll('\\', '/')) : '';
      const isSmall = kind === 'file' && (read.facts(path)?.size ?? 0) <= largestPointer;
      const text = isSmall ? (read.bytes(path, largestPointer)?.toString('latin1') ?? '') : '';
      const named = ids.has(target) ? new Set([target]) : namedIn(text, ids, lengths);
      if (named.size > 0) pointers.set(belowRoot(root, path), named);
    }
  return { places, pointers };
};

const isIn = (path: string, tops: ReadonlySet<string>): boolean => {
  for (let at = path.length; at > 0; at = path.lastIndexOf('/', at - 1)) if (tops.has(path.slice(0, at))) return true;
  return false;
};

/**
 * What leads to an unpacked wheel goes before it: the pointers of wheels, versions of sources. An archive goes along with the last
 * that leads to it, and when it is chosen itself, with the pointers of its wheel. One that something else needs stays.
 */
export const uvParts: NonNullable<Tool['parts']> = (root, wanted, read) => {
  const found = wanted.map((it) => ({ ...unitByPath(root, it, read), unit: it.unit }));
  const stays: PartPlan['stays'][number][] = found.flatMap((it) => it.stays);
  const { places, pointers } = readArchives(root, read);
  const ids = new Map([...places].map(([id, path]) => [path, id]));
  const chosen = new Set(found.filter(({ unit }) => !isArchives(unit.name)).flatMap(({ moves }) => moves));
  const wholes = new Set(found.flatMap(({ moves }) => moves).filter(isArchives));
  const users = new Map<string, string[]>();
  for (const [path, named] of pointers) for (const id of named) users.set(id, [...(users.get(id) ?? []), path]);

  const pointersAlong = new Set<string>();
  const archives: string[] = [];
  for (const { unit, moves } of found)
    if (isArchives(unit.name))
      for (const path of moves) {
        const id = ids.get(path) ?? '';
        const others = (users.get(id) ?? []).filter((user) => !isIn(user, chosen));
        if (others.every((user) => user.startsWith('wheels-'))) {
          for (const user of others) pointersAlong.add(user);
          archives.push(path);
        } else stays.push({ unit: unit.name, key: id, why: needed });
      }
  const going = new Set([...chosen, ...pointersAlong]);
  const kept = new Set(stays.map(({ key }) => key));
  const along: string[] = [];
  for (const [id, all] of users) {
    const path = places.get(id) ?? '';
    if (all.every((user) => isIn(user, going)) && !archives.includes(path) && !kept.has(id)) along.push(path);
  }
  const archivesAlong = along.filter((path) => !isIn(path, wholes));
  return planOf([...chosen, ...pointersAlong, ...archives, ...archivesAlong], {
    also: [
      ...(pointersAlong.size === 0
        ? []
        : [
            `${counted(pointersAlong.size, 'note goes', 'notes go')} along that would lead to an unpacked wheel which is gone.`,
          ]),
      ...(archivesAlong.length === 0
        ? []
        : [
            `${counted(archivesAlong.length, 'unpacked wheel goes', 'unpacked wheels go')} along that nothing else leads to.`,
          ]),
    ],
    stays,
  });
};
