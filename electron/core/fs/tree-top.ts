import { constants } from 'node:fs';
import { type Identity, sameIdentity } from '../../../shared/identity.ts';
import { type DeleteCursor, TreeMoved } from './cursor.ts';
import { ChdirCursor } from './cursor-chdir.ts';
import { LinuxCursor } from './cursor-linux.ts';
import { type Facts, look } from './identity.ts';
import { joinRaw, type Raw, raw } from './raw.ts';
import { fs } from './seam.ts';

/**
 * The file or tree that is to be deleted, held by the directory it stands in. It is only ever what has `identity`:
 * anything else that stands there by now is left alone.
 */
export class TreeTop {
  /** The open parent on Linux, for other threads of this process; -1 elsewhere. */
  readonly parentFd: number;
  readonly #parent: Raw;
  readonly #name: Raw;
  readonly #identity: Identity;
  readonly #path: Raw;

  /** `handles` needs /proc (Linux); without it names are relative to the working directory. */
  constructor(parent: Raw, name: Raw, identity: Identity, way: 'handles' | 'chdir') {
    this.#parent = parent;
    this.#name = name;
    this.#identity = identity;
    this.parentFd =
      way === 'handles' ? fs.openSync(parent, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW) : -1;
    this.#path = joinRaw(way === 'handles' ? raw(`/proc/self/fd/${this.parentFd}`) : parent, name);
  }

  /** What stands there; null when nothing does. @throws TreeMoved when it is something else by now. */
  look(): Facts | null {
    const facts = look(this.#path);
    if (facts !== null && !sameIdentity(facts.identity, this.#identity)) {
      throw new TreeMoved('something else stands there now');
    }
    return facts;
  }

  cursor(): DeleteCursor {
    return this.parentFd >= 0
      ? new LinuxCursor(this.parentFd, this.#name, this.#identity)
      : new ChdirCursor(this.#parent, this.#name, this.#identity);
  }

  /** Unlinks a single file. */
  removeFile(): void {
    fs.unlinkSync(this.#path);
  }

  /** Removes the directory itself, once it is empty. */
  removeDirectory(): void {
    fs.rmdirSync(this.#path);
  }
}
