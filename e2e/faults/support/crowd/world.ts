import fs from 'node:fs';
import path from 'node:path';

/** What one crowd is to do. */
export interface CrowdOrder {
  /** How many generations are made and cleared. */
  readonly rounds: number;
  /** No generation is begun after so many seconds. */
  readonly seconds: number;
  /** A person's word that it is to be cleared whoever uses it: else the readers are holders, and clears are refused. */
  readonly evenIfInUse: boolean;
  /** One more process that clears the way pip-tools' pull request does. */
  readonly rival: boolean;
  /** Helpers that delete do many deletes each, so that ten thousand rounds do not start ten thousand Nodes. */
  readonly reuseHelpers: boolean;
}

/** Where a crowd meets: a home with a cache of pip-tools, of which all want `pkgs`. Below one folder. */
export class World {
  readonly home: string;
  readonly state: string;
  readonly cache: string;
  readonly unit: string;
  readonly numbers: string;
  /** A file here for each process that has begun. */
  readonly ready: string;
  readonly #sign: string;

  constructor(dir: string) {
    this.home = path.join(dir, 'home');
    this.state = path.join(dir, 'state');
    this.cache = path.join(this.home, '.cache', 'pip-tools');
    this.unit = path.join(this.cache, 'pkgs');
    this.numbers = path.join(dir, 'numbers');
    this.ready = path.join(dir, 'ready');
    this.#sign = path.join(dir, 'over');
  }

  make(): void {
    for (const dir of [this.cache, this.numbers, this.ready]) fs.mkdirSync(dir, { recursive: true });
    fs.writeFileSync(path.join(this.cache, 'depcache-cp3.11.json'), '{}');
  }

  /** The generations are not begun before everybody else is there. */
  sayReady(): void {
    fs.writeFileSync(path.join(this.ready, String(process.pid)), '');
  }

  /** Everybody but the writers goes on until this is said. */
  sayOver(): void {
    fs.writeFileSync(this.#sign, '');
  }

  isOver(): boolean {
    return fs.existsSync(this.#sign);
  }
}

/** `dev:ino` of what stands at a path or is open; null when nothing does. */
export const identityOf = (stats: fs.BigIntStats | undefined): string | null =>
  stats === undefined ? null : `${stats.dev}:${stats.ino}`;

const folders = ['a', 'b', 'c'];
const files = ['0', '1', '2'];

/** Every name in a tree, below its root. */
export const names: readonly string[] = folders.flatMap((folder) => [
  folder,
  ...files.map((file) => `${folder}/${file}`),
]);

/** Every file holds its generation's number, over and over, each as often as its name says. */
export const contentOf = (generation: number, name: string): string =>
  `${generation}\n`.repeat(10 * (Number(name.at(-1)) + 1));

/** The generation that a file was written by; null when it is not whole, or was never written so. */
export const generationIn = (name: string, content: string): number | null => {
  const generation = Number.parseInt(content, 10);
  return content === contentOf(generation, name) ? generation : null;
};

export const makeTree = (root: string, generation: number): void => {
  fs.mkdirSync(root);
  for (const name of names) {
    const at = path.join(root, name);
    if (name.length === 1) fs.mkdirSync(at);
    else fs.writeFileSync(at, contentOf(generation, name));
  }
};

/** What a process of the crowd was told: its folder, its order, and which one of its kind it is. */
export const told = (): { readonly world: World; readonly order: CrowdOrder; readonly me: number } => {
  const { dir, order, me } = JSON.parse(process.argv[2] ?? '') as { dir: string; order: CrowdOrder; me: number };
  return { world: new World(dir), order, me };
};

/** Says what it has to say, at its end. */
export const report = (what: unknown): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
