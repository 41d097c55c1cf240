import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Box } from './box.ts';
import { command, fileSystem, type Need, namespaces, strace } from './needs.ts';
import { underStrace } from './ways.ts';

/*
 * Power cuts. Cache and history stand on disks that are files; what such a file holds at a moment is what a cut at that
 * moment would leave of it. It is copied while the program is stopped, and mounted later at the same place. Nothing is
 * flushed for it. What a disk's own cache may lose, or write in another order, cannot be shown like this.
 */

interface DiskType {
  readonly name: 'ext4' | 'xfs' | 'btrfs';
  readonly size: string;
  readonly make: string;
  /** Nothing gets to the disk but what the program asks for. */
  readonly options: string;
}

export const diskTypes: readonly DiskType[] = [
  { name: 'ext4', size: '24M', make: 'mkfs.ext4 -q', options: 'loop,commit=300' },
  { name: 'xfs', size: '320M', make: 'mkfs.xfs -q', options: 'loop' },
  { name: 'btrfs', size: '128M', make: 'mkfs.btrfs -q', options: 'loop,commit=300' },
];

export const needsOf = ({ name }: DiskType): readonly Need[] => [
  namespaces,
  strace,
  command(`mkfs.${name}`),
  fileSystem(name),
];

/** One disk for both, or one for the cache and one for the history. */
export type Layout = 'one disk' | 'two disks';

export class Disks {
  readonly #box: Box;
  readonly #type: DiskType;
  readonly #names: readonly string[];

  constructor(box: Box, type: DiskType, layout: Layout) {
    this.#box = box;
    this.#type = type;
    this.#names = layout === 'one disk' ? ['one'] : ['one', 'two'];
  }

  /** The folders of cache and history move to fresh disks, and what is there by now is on them for good. */
  async make(): Promise<void> {
    const { size, make } = this.#type;
    const made = this.#names.map(
      (name) => `truncate -s ${size} "$SCRATCH/${name}"; ${make} "$SCRATCH/${name}" >/dev/null`,
    );
    await this.#box.mount(`${made.join('; ')}; mkdir -p "$STATE" "$SCRATCH/at-one" "$SCRATCH/at-two"`);
    await this.#mountDisks('');
    const last = this.#names.at(-1);
    await this.#box.sh(`
      mkdir "$SCRATCH/at-one/cache" "$SCRATCH/at-${last}/state"; chmod 700 "$SCRATCH/at-${last}/state"
      cp -a "$CACHE/." "$SCRATCH/at-one/cache"
      ${this.#binds()}
    `);
  }

  async flush(): Promise<void> {
    await this.#box.sh(this.#names.map((name) => `sync -f "$SCRATCH/at-${name}"`).join('; '));
  }

  /** What a cut at this moment would leave, kept under this name. The program must stand still. */
  copy(cut: string): void {
    for (const name of this.#names) {
      const [from, to] = [name, `${name}${cut}`].map((it) => path.join(this.#box.scratch, it));
      execFileSync('cp', ['--sparse=always', from ?? '', to ?? '']);
    }
  }

  /** Tells copies apart. */
  digest(cut: string): string {
    const hash = createHash('sha256');
    for (const name of this.#names) hash.update(fs.readFileSync(path.join(this.#box.scratch, `${name}${cut}`)));
    return hash.digest('hex');
  }

  forget(cut: string): void {
    for (const name of this.#names) fs.rmSync(path.join(this.#box.scratch, `${name}${cut}`));
  }

  async unmount(): Promise<void> {
    const disks = this.#names.map((name) => `umount "$SCRATCH/at-${name}"`).join('; ');
    await this.#box.sh(`umount "$CACHE" "$STATE"; ${disks}`);
  }

  /** The power is back: the copy is mounted where the disks were. */
  async mount(cut: string): Promise<void> {
    await this.#mountDisks(cut);
    await this.#box.sh(this.#binds());
  }

  async #mountDisks(cut: string): Promise<void> {
    // btrfs remembers disks by their id, which the copies share, and takes no older one for a newer.
    const forget = this.#type.name === 'btrfs' ? 'btrfs device scan --forget >/dev/null 2>&1 || true; ' : '';
    const mounts = this.#names.map(
      (name) => `mount -t ${this.#type.name} -o ${this.#type.options} "$SCRATCH/${name}${cut}" "$SCRATCH/at-${name}"`,
    );
    await this.#box.sh(forget + mounts.join('; '));
  }

  #binds(): string {
    const last = this.#names.at(-1);
    return `mount --bind "$SCRATCH/at-one/cache" "$CACHE"; mount --bind "$SCRATCH/at-${last}/state" "$STATE"`;
  }
}

const stateOf = (pid: number): string => /\) (\w)/.exec(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? '';

/** Stops a program that runs under strace: strace stands still, so all that it traces does at its next call. */
const standStill = async (pid: number): Promise<boolean> => {
  try {
    process.kill(-pid, 'SIGSTOP');
    for (let tries = 0; stateOf(pid) !== 'T'; tries += 1) {
      if (tries > 200) throw new Error('strace does not stop');
      await sleep(5);
    }
    // Calls that had begun end.
    await sleep(60);
    return true;
  } catch (thrown) {
    if (['ESRCH', 'ENOENT'].includes((thrown as NodeJS.ErrnoException).code ?? '')) return false;
    throw thrown;
  }
};

/** Calls after and before which the power is cut. Each takes so long (µs) that no step is missed. */
const slowly = ['fsync,fdatasync', 'rename', 'unlink', 'rmdir'].map(
  (calls) => `${calls}:delay_enter=150000:delay_exit=150000`,
);

/**
 * Clears slowly and cuts the power again and again meanwhile. The names of the copies that differ, in their order; the
 * last is of the end. The disks are unmounted.
 */
export const cutsOf = async (box: Box, disks: Disks): Promise<readonly string[]> => {
  const { child, ended } = await box.start(['clear', box.target, '--yes', '--json', '--even-if-in-use'], {
    through: underStrace(...slowly),
  });
  const cuts: string[] = [];
  let last = '';
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const take = (): void => {
    const cut = `-cut-${cuts.length}`;
    disks.copy(cut);
    const digest = disks.digest(cut);
    if (digest === last) disks.forget(cut);
    else cuts.push(cut);
    last = digest;
  };
  while (!isOver && child.pid !== undefined) {
    if (await standStill(child.pid)) {
      take();
      process.kill(-child.pid, 'SIGCONT');
    }
    await sleep(40);
  }
  const { code, stdout, stderr } = await ended;
  if (code !== 0) throw new Error(`the clear ended with ${code}: ${stdout}${stderr}`);
  take();
  await disks.unmount();
  return cuts;
};
