import type { Identity } from '../../../shared/identity.ts';
import type { LeftItem } from '../../../shared/model.ts';

/** What a helper is told to delete: `name` in `parent`, if it is still what has that identity. */
export interface DeleteJob {
  readonly parent: Uint8Array;
  readonly name: Uint8Array;
  readonly identity: Identity;
  /** `handles`: Linux, parallel; `chdir`: everywhere, one thread. */
  readonly way: 'handles' | 'chdir';
  readonly threads: number;
}

/** What came of it. `freed` in bytes: blocks of everything whose last name is gone. */
export interface DeleteReport {
  readonly entries: number;
  readonly freed: number;
  /** At most a thousand of those that are left; `leftCount` tells how many there are. */
  readonly left: readonly LeftItem[];
  readonly leftCount: number;
  /** Nothing of it is there any more. */
  readonly gone: boolean;
  readonly cancelled: boolean;
}

export type ToHelper = { readonly type: 'delete'; readonly job: DeleteJob } | { readonly type: 'cancel' };

export type FromHelper =
  | { readonly type: 'progress'; readonly entries: number; readonly bytes: number }
  | { readonly type: 'done'; readonly report: DeleteReport }
  | { readonly type: 'failed'; readonly errno: number | null; readonly code: string; readonly message: string };

/** Names of files with several names, as they are unlinked: the blocks come back with the last one. */
export interface SharedName {
  readonly inode: string;
  readonly links: number;
  readonly allocated: number;
}

/** Adds up which files with several names are gone for good. Order does not matter, nor who unlinked which. */
export class SharedNames {
  readonly #files = new Map<string, { links: number; gone: number; allocated: number }>();

  add({ inode, links, allocated }: SharedName): void {
    const file = this.#files.get(inode) ?? { links: 0, gone: 0, allocated };
    // The count sinks as names go: the highest that anybody saw is how many there were.
    file.links = Math.max(file.links, links);
    file.gone += 1;
    this.#files.set(inode, file);
  }

  get freed(): number {
    let bytes = 0;
    for (const file of this.#files.values()) if (file.gone >= file.links) bytes += file.allocated;
    return bytes;
  }
}
