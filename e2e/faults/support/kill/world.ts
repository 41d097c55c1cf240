import fs from 'node:fs';
import path from 'node:path';
import { fingerprint, write } from '../../../support/sandbox.ts';

/** Something that must stay whole until it is deleted. */
export interface Thing {
  readonly label: string;
  /** Its own name, in the cache. */
  readonly name: string;
  readonly ino: number;
  readonly print: string;
  /** It was found in this state, or made as an empty folder: it may be replaced, or stay as it is. */
  readonly role: 'whole' | 'empty' | 'leftover' | 'half';
}

/** What stands in the cache under one name. */
export interface Standing {
  readonly name: string;
  readonly ino: number;
  /** Of a thing that is known; `isWhole`: exactly as it was. */
  readonly thing: Thing | null;
  readonly isWhole: boolean;
}

/** Two folders with two files each: small, and with every kind of call that a larger one takes. */
const tinyTree = (at: string): void => {
  for (const folder of ['a', 'b']) write(at, { [`${folder}/0`]: '0', [`${folder}/1`]: '11' });
};

/** A home with a cache of pip-tools, a neighbour in it, and a place for the history. Nothing else is looked at. */
export class World {
  readonly dir: string;
  readonly home: string;
  readonly state: string;
  readonly cache: string;
  readonly things: Thing[] = [];
  /** Names of chance that are known, because operations were prepared. */
  readonly names: string[] = [];
  #others = '';

  constructor(dir: string) {
    this.dir = dir;
    this.home = path.join(dir, 'home');
    this.state = path.join(dir, 'state');
    this.cache = path.join(this.home, '.cache', 'pip-tools');
    write(this.home, { 'precious/photo': 'mine' });
    write(this.cache, { 'http/kept': 'by the neighbour' });
  }

  at(name: string): string {
    return path.join(this.cache, name);
  }

  /** Makes a tree that must stay whole. */
  tree(label: string, name: string, role: Thing['role'] = 'whole'): void {
    if (role === 'empty') fs.mkdirSync(this.at(name));
    else tinyTree(this.at(name));
    this.remember(label, name, role);
  }

  /** From now on it must be as it is. It may stand under another name by now: `at`. */
  remember(label: string, name: string, role: Thing['role'] = 'whole', at = name): void {
    const { ino } = fs.lstatSync(this.at(at));
    this.things.push({ label, name, ino, print: fingerprint(this.at(at)), role });
  }

  /** All has been made: the rest must stay as it is. */
  settled(): void {
    this.#others = this.#othersNow();
  }

  /** What stands in the cache now, but for the neighbour. */
  standing(): readonly Standing[] {
    const names = fs.readdirSync(this.cache).filter((name) => name !== 'http');
    return names.map((name) => {
      const { ino } = fs.lstatSync(this.at(name));
      const thing = this.things.find((it) => it.ino === ino) ?? null;
      return { name, ino, thing, isWhole: thing !== null && fingerprint(this.at(name)) === thing.print };
    });
  }

  #othersNow(): string {
    return [path.join(this.home, 'precious'), this.at('http')].map(fingerprint).join('\n');
  }

  /** What is wrong outside of the unit, as sentences. */
  othersChanged(): readonly string[] {
    const wrong = this.#othersNow() === this.#others ? [] : ['something outside of the unit has changed'];
    const homeNames = fs.readdirSync(this.home).filter((name) => !['precious', '.cache'].includes(name));
    return [...wrong, ...homeNames.map((name) => `${name} has appeared in the home`)];
  }

  /** Lock files and half-made files of our own that are left. */
  litter(): readonly string[] {
    const locks = fs.readdirSync(path.dirname(this.cache)).filter((name) => name.startsWith('.cache-inspector-'));
    if (!fs.existsSync(this.state)) return locks;
    const usual = /^(history\.(db|db-wal|db-shm|begun)|opening\.lock|reserve|locks|memory|scans)$/;
    const others = fs.readdirSync(this.state).filter((name) => !usual.test(name));
    const folder = path.join(this.state, 'locks');
    const own = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    return [...locks, ...own.map((name) => `locks/${name}`), ...others];
  }
}
