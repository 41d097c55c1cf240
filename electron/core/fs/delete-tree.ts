import { type DeleteCursor, type Item, MountBoundary, type Removed } from './cursor.ts';
import { isErrno, systemError } from './errno.ts';
import { joinRaw, type Raw, raw } from './raw.ts';

/** Who is told what happens, and asked whether to go on. Paths are relative to the tree's top. */
export interface DeleteSink {
  removed(one: Removed): void;
  removedDirectory(allocated: number): void;
  left(path: Raw, error: LeftError): void;
  cancelled(): boolean;
  /** Offers a directory to somebody else; true when it was taken and is not our business any more. */
  handOff(path: Raw): boolean;
  /** A directory has been moved to the top under this name and is still to be emptied. */
  hoisted(name: Raw): void;
}

export interface LeftError {
  readonly errno: number;
  readonly message: string;
}

/** Handles are limited (1024 a process is common) and several workers share them. */
const deepest = 100;
/** How often a directory that fills while it is emptied is gone through again. */
const refills = 5;

interface Frame {
  readonly path: Raw;
  readonly name: Raw | null;
  readonly items: readonly Item[];
  next: number;
  /** Something below stays, for now or for good: the directory cannot go yet. */
  keeps: boolean;
  refilled: number;
}

const asLeft = (thrown: unknown): LeftError => {
  if (thrown instanceof MountBoundary) return { errno: 18, message: `not entered: ${thrown.message}` };
  const error = systemError(thrown);
  if (error) return { errno: error.errno, message: error.message };
  throw thrown;
};

let hoists = 0;

/**
 * Deletes everything below the directory the cursor stands in, depth first, going on past whatever cannot be deleted.
 * Ends where it began. `path`: of that directory, for messages.
 * @throws TreeMoved when the tree was changed under the cursor; then nothing more has been touched.
 */
export const emptyTree = (cursor: DeleteCursor, path: Raw, sink: DeleteSink): { readonly keeps: boolean } => {
  const frames: Frame[] = [];
  const below = (frame: Frame, name: Raw): Raw => (frame.path.length === 0 ? name : joinRaw(frame.path, name));
  const open = (at: Raw, name: Raw | null, refilled: number): void => {
    let items: readonly Item[] = [];
    let keeps = false;
    try {
      items = cursor.list();
    } catch (thrown) {
      sink.left(at, asLeft(thrown));
      keeps = true;
    }
    frames.push({ path: at, name, items, next: 0, keeps, refilled });
  };
  const failed = (frame: Frame, name: Raw, thrown: unknown): void => {
    if (isErrno(thrown, 'ENOENT')) return;
    frame.keeps = true;
    sink.left(below(frame, name), asLeft(thrown));
  };

  const descend = (frame: Frame, name: Raw): void => {
    const at = below(frame, name);
    if (sink.handOff(at)) {
      frame.keeps = true;
      return;
    }
    try {
      if (cursor.depth >= deepest) {
        const to = raw(`.hoisted-${process.pid}-${hoists++}-${Math.random().toString(36).slice(2)}`);
        cursor.hoist(name, to);
        sink.hoisted(to);
        return;
      }
      cursor.enter(name);
    } catch (thrown) {
      failed(frame, name, thrown);
      return;
    }
    open(at, name, 0);
  };

  /** Somebody has put something into a directory that was empty. */
  const again = (parent: Frame, { path: at, refilled }: Frame, name: Raw): void => {
    try {
      cursor.enter(name);
    } catch (thrown) {
      failed(parent, name, thrown);
      return;
    }
    open(at, name, refilled + 1);
  };

  /** The directory has been gone through: leave it, and remove it if nothing in it stays. */
  const ascend = (frame: Frame): boolean => {
    frames.pop();
    const parent = frames.at(-1);
    if (!parent || frame.name === null) return frame.keeps;
    cursor.leave();
    if (frame.keeps) {
      parent.keeps = true;
      return true;
    }
    try {
      sink.removedDirectory(cursor.removeDirectory(frame.name));
    } catch (thrown) {
      if (isErrno(thrown, 'ENOTEMPTY', 'EEXIST') && frame.refilled < refills) again(parent, frame, frame.name);
      else failed(parent, frame.name, thrown);
    }
    return true;
  };

  open(path, null, 0);
  let keeps = true;
  while (frames.length > 0) {
    const frame = frames[frames.length - 1] as Frame;
    if (sink.cancelled()) {
      while (frames.pop()?.name) cursor.leave();
      return { keeps: true };
    }
    const item = frame.items[frame.next++];
    if (item === undefined) keeps = ascend(frame);
    else if (item.directory) descend(frame, item.name);
    else {
      try {
        sink.removed(cursor.remove(item.name));
      } catch (thrown) {
        failed(frame, item.name, thrown);
      }
    }
  }
  return { keeps };
};
