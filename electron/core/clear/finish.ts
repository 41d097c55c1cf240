import { CodedError } from '../../../shared/errors.ts';
import type { Identity } from '../../../shared/identity.ts';
import type { LeftItem, Progress, StepError } from '../../../shared/model.ts';
import { errnoName } from '../fs/errno.ts';
import { explainFirst } from '../fs/explain.ts';
import { DirectoryHandle } from '../fs/handle.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { Phase, Record } from '../store/schema.ts';
import { readBack } from './assignment.ts';
import { release } from './at-hand.ts';
import type { DeleteReport } from './delete-job.ts';
import type { Engine } from './engine.ts';
import { mustBeItsDisk, stillIs } from './same.ts';
import { explainedError } from './step-error.ts';
import { viewOf } from './view.ts';

/** How often what has been freed so far is written down: a delete that is killed is not remembered as nothing. */
const notedEveryMs = 1000;

/** P4: the second rename. From the moment the journal says so, undo is over. Gives what to delete, null when nothing is left. */
const commit = async (engine: Engine, parent: DirectoryHandle, record: Record): Promise<Identity | null> => {
  const there = await parent.look(record.deleting);
  const doomed = stillIs(record, there, engine.self.bootId);
  if (doomed !== null) return doomed;
  const aside = await parent.look(record.stale);
  const stale = stillIs(record, aside, engine.self.bootId);
  if (stale === null && aside === null && there === null) {
    mustBeItsDisk(record, parent.facts);
    return null;
  }
  if (stale === null || there !== null) {
    // rename(2) would replace a file, or an empty directory, without a word. And a copy that a mount hides, or that its
    // file system gave another number, is not gone: nobody can tell, so nothing is touched and nothing called done.
    const path = showRaw(joinRaw(record.parent, there === null ? record.stale : record.deleting));
    const message = `${path} is not the copy that was set aside, or cannot be told to be: it is left alone. Unmount what may be mounted there, or look at it and remove it by hand; then recover again.`;
    throw new CodedError({ code: 'changed', path, message });
  }
  await parent.rename(record.stale, record.deleting);
  await parent.sync();
  return stale;
};

/** Errors of single files that are told as such; all that are left are counted, and a thousand named. */
const mostErrors = 20;

const asError = ({ path, errno, message }: LeftItem): StepError => ({
  step: 'delete',
  errno,
  code: errnoName(errno),
  path,
  message,
});

/** After a power cut a copy that was deleted can stand there again, and nobody looks for that of a `done` operation. */
const makeGone = async ({ parent: path }: Record): Promise<void> => {
  const parent = await DirectoryHandle.open(path);
  try {
    await parent.sync();
  } finally {
    await parent.close();
  }
};

/** Why a delete is stopped when its door closes: nobody asked for an end, so the next door goes on with it. */
export const doorCloses = Symbol('the door closes');

const end = async (
  engine: Engine,
  record: Record,
  report: DeleteReport & { readonly note: string | null; readonly handedOver: boolean },
): Promise<Record> => {
  const whole = report.gone && report.leftCount === 0;
  const to = whole ? 'done' : report.handedOver ? 'deleting' : 'partial';
  if (whole) await makeGone(record);
  const left = await explainFirst(report.left, mostErrors);
  const [first] = left;
  const note = whole
    ? report.note
    : report.handedOver
      ? 'left to the next door'
      : report.cancelled
        ? 'stopped on request; the rest can be deleted later'
        : first
          ? `${report.leftCount} left, the first ${first.path}: ${first.message}`
          : report.note;
  await engine.store.advance(record.id, ['deleting'], to, engine.now(), {
    endedAt: to === 'deleting' ? null : engine.now(),
    owner: null,
    freed: record.freed + report.freed,
    entries: record.entries + report.entries,
    left,
    errors: left.slice(0, mostErrors).map(asError),
    leftCount: report.leftCount,
    ...(note !== null && { note }),
  });
  return readBack(engine, record.id);
};

const nothing = {
  entries: 0,
  freed: 0,
  left: [],
  leftCount: 0,
  gone: true,
  cancelled: false,
  note: 'the copy was not there any more',
  handedOver: false,
};

const runDelete = async (
  engine: Engine,
  record: Record,
  identity: Identity,
  signal: AbortSignal | undefined,
  count: (progress: Progress) => void,
): Promise<Record> => {
  let noted = engine.now();
  const report = await engine.deleteTree(
    { parent: record.parent, name: record.deleting, identity },
    {
      ...(signal && { signal }),
      onProgress: (progress) => {
        count(progress);
        engine.deleting(viewOf(record).id, progress);
        if (engine.now() - noted < notedEveryMs) return;
        noted = engine.now();
        // A lost note is corrected at the end, or by nothing when the history is gone: then the end says so.
        engine.store
          .note(record.id, record.freed + progress.bytes, record.entries + progress.entries)
          .catch(() => undefined);
      },
    },
  );
  count({ entries: report.entries, bytes: report.freed });
  return end(engine, record, {
    ...report,
    note: null,
    handedOver: report.cancelled && signal?.reason === doorCloses,
  });
};

/**
 * P4 to P6: takes an operation from `from` past the point of no return, deletes the copy and writes the result down.
 * Null when somebody else took it first. A delete that stops half way ends as `partial`, with what is left and why.
 */
export const finish = async (
  engine: Engine,
  id: string,
  from: readonly Phase[],
  options: { readonly signal?: AbortSignal; readonly ownedBy?: string | null } = {},
): Promise<Record | null> => {
  const patch = { owner: engine.self, errors: [], left: [], leftCount: 0, endedAt: null, holders: [] };
  const taken = await engine.store.advance(id, from, 'deleting', engine.now(), patch, options.ownedBy);
  if (!taken) return null;
  const record = await readBack(engine, id);
  engine.changed(viewOf(record));
  const place = showRaw(joinRaw(record.parent, record.deleting));
  let result: Record;
  // What is known to be deleted, whatever goes wrong after it.
  let counted: Progress = { entries: 0, bytes: 0 };
  const count = (progress: Progress): void => {
    counted = progress;
  };
  try {
    const parent = await DirectoryHandle.open(record.parent);
    let doomed: Identity | null;
    try {
      doomed = await commit(engine, parent, record);
    } finally {
      await parent.close();
    }
    result =
      doomed === null
        ? await end(engine, record, nothing)
        : await runDelete(engine, record, doomed, options.signal, count);
  } catch (thrown) {
    const error = await explainedError('delete', thrown, place);
    const patch = {
      endedAt: engine.now(),
      owner: null,
      freed: record.freed + counted.bytes,
      entries: record.entries + counted.entries,
      errors: [error],
      note: error.message,
    };
    try {
      await engine.store.advance(id, ['deleting'], 'partial', engine.now(), patch);
    } catch (failed) {
      // Nobody deletes here any more: it is for the next recovery, of this process as well.
      release(id);
      throw failed;
    }
    result = await readBack(engine, id);
  }
  engine.changed(viewOf(result));
  return result;
};
