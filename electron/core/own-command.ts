import { type ChildProcess, spawn } from 'node:child_process';
import { CodedError } from '../../shared/errors.ts';
import type { CacheId } from '../../shared/ids.ts';
import type { StepError } from '../../shared/model.ts';
import { findCache, tellCaches } from './cache-views.ts';
import type { KnownCache } from './caches.ts';
import type { OwnCommand } from './catalog/tool.ts';
import { assignmentNames, newEntry, readBack } from './clear/assignment.ts';
import { namesFor } from './clear/names.ts';
import { viewOf } from './clear/view.ts';
import { systemError } from './fs/errno.ts';
import { reader } from './fs/reader.ts';
import { home } from './home.ts';
import { cachesNow, type Parts } from './parts.ts';
import { unitView } from './sizes.ts';
import type { Entry, Record } from './store/schema.ts';

/** A command that takes longer (ms) waits for something that nobody will give it. */
const limitMs = 600_000;
/** Between being asked to stop and being stopped, in ms. */
const graceMs = 5000;
/** Of what it writes the end is kept, in characters. */
const mostOutput = 16_384;

interface Ended {
  readonly output: string;
  readonly error: StepError | null;
}

/** Control characters would move the cursor of whoever reads the history. */
const plain = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to go
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .replaceAll('\r\n', '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to go
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');

const stepError = (code: string, message: string): StepError => ({
  step: 'command',
  errno: null,
  code,
  path: null,
  message,
});

const couldNotStart = (program: string, thrown: Error): StepError => {
  const error = systemError(thrown);
  return error?.code === 'ENOENT'
    ? stepError('ENOENT', `${program} is not on this machine, or not on the PATH. Clear it here instead.`)
    : stepError(error?.code ?? 'io', `${program} could not be started: ${thrown.message}.`);
};

/** Runs it without a shell and without input; resolves when it has ended, however it did. */
const run = ({ argv: [program = '', ...words] }: OwnCommand, signal: AbortSignal): Promise<Ended> =>
  new Promise((resolve) => {
    let output = '';
    let why: StepError | null = null;
    let child: ChildProcess;
    try {
      // A folder of its own: what stands in a project's would be its settings.
      child = spawn(program, words, { cwd: home(), stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    } catch (thrown) {
      resolve({ output, error: couldNotStart(program, thrown as Error) });
      return;
    }
    const hear = (chunk: string): void => {
      output = (output + chunk).slice(-mostOutput);
    };
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear);
    let killing: NodeJS.Timeout | undefined;
    const stop = (reason: StepError): void => {
      why ??= reason;
      child.kill('SIGTERM');
      killing ??= setTimeout(() => child.kill('SIGKILL'), graceMs);
    };
    const late = setTimeout(
      () => stop(stepError('timed-out', `It had not ended after ${limitMs / 60_000} minutes, and was stopped.`)),
      limitMs,
    );
    const stopped = (): void => stop(stepError('cancelled', 'It was stopped on request.'));
    if (signal.aborted) stopped();
    signal.addEventListener('abort', stopped);
    const end = (error: StepError | null): void => {
      clearTimeout(late);
      clearTimeout(killing);
      signal.removeEventListener('abort', stopped);
      resolve({ output: plain(output).trim(), error });
    };
    child.once('error', (thrown) => end(couldNotStart(program, thrown)));
    child.once('close', (code, by) => {
      const failed = code === 0 ? null : stepError('exit', `It ended with ${by ?? `code ${code}`}.`);
      end(why ?? failed);
    });
  });

const nobody = { dev: 0, ino: 0 };

const newCommand = ({ engine }: Parts, { tool, root }: KnownCache, line: string): Entry => {
  const place = assignmentNames(root);
  const job = {
    ...place,
    plan: null,
    tool: tool.id,
    unit: line,
    root,
    names: namesFor(place.name, engine.self.pid),
    identity: nobody,
    born: null,
    planned: null,
    occupied: null,
    undoWindowMs: 0,
  };
  return { ...newEntry(engine, job, 'running'), kind: 'command', endedAt: null, undoWindowMs: null };
};

/** Bytes that all of a cache's units take, walked anew. */
const measured = async (parts: Parts, { units }: KnownCache): Promise<number> => {
  let sum = 0;
  for (const unit of units) {
    if (reader.facts(unit.path) === null) continue;
    const view = unitView(unit, await parts.sizes.measure(unit, () => undefined));
    parts.events.emit('unitMeasured', { cache: unit.cache, unit: view });
    sum += view.bytes?.allocated ?? 0;
  }
  return sum;
};

/** The commands that this process runs now. */
export class OwnCommands {
  readonly #running = new Map<string, { readonly abort: AbortController; readonly ended: Promise<void> }>();

  /**
   * Begins to run the tool's own command for a cache, and answers with its operation, `running`; its end is told by the
   * event `operation`: `done` with what it freed, or `failed`, and what it wrote either way.
   * @throws CodedError `cancelled` when the door asks the person itself and they said no, `not-available` where the tool has none for this place, `unknown-target`, what is wrong with the
   * cache, `store-unavailable`.
   */
  async run(parts: Parts, id: CacheId): Promise<Record> {
    const cache = findCache(await cachesNow(parts), id);
    if (cache.problem !== null) throw new CodedError(cache.problem);
    const { own } = cache.tool;
    if (own === undefined || cache.added) {
      const why = own === undefined ? 'has no command that does this' : 'would clear its own cache, not this folder';
      throw new CodedError({
        code: 'not-available',
        path: cache.root,
        message: `${cache.tool.name} ${why}. Clear it here instead.`,
      });
    }
    const line = own.argv.join(' ');
    const { confirmCommand } = parts.shell;
    if (confirmCommand && !(await confirmCommand({ ...own, line }))) {
      throw new CodedError({ code: 'cancelled', message: `You said no, so ‘${line}’ was not run.` });
    }
    const entry = newCommand(parts, cache, line);
    const { store } = parts;
    await store.begin(entry, { step: 'running', at: entry.startedAt, note: line });
    const record = await readBack(parts.engine, entry.id);
    const abort = new AbortController();
    const ended = this.#toEnd(parts, cache, own, entry.id, abort.signal).finally(() => this.#running.delete(entry.id));
    this.#running.set(entry.id, { abort, ended });
    parts.engine.changed(viewOf(record));
    return record;
  }

  /** Asks it to stop. False when this process runs none of that id. */
  cancel(id: string): boolean {
    const running = this.#running.get(id);
    running?.abort.abort();
    return running !== undefined;
  }

  /** Stops all, and waits for their ends. */
  async close(): Promise<void> {
    for (const { abort } of this.#running.values()) abort.abort();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  async #toEnd(parts: Parts, cache: KnownCache, own: OwnCommand, id: string, signal: AbortSignal): Promise<void> {
    const { engine, store } = parts;
    let patch: { readonly errors: readonly StepError[]; readonly freed: number; readonly note: string };
    try {
      const before = await measured(parts, cache);
      const { output, error } = await run(own, signal);
      const freed = Math.max(0, before - (await measured(parts, cache)));
      // What is not there any more cannot be measured: that it has gone is told with all caches.
      await tellCaches(parts);
      patch = { errors: error === null ? [] : [error], freed, note: output };
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      patch = { errors: [stepError('io', message)], freed: 0, note: '' };
    }
    const to = patch.errors.length === 0 ? 'done' : 'failed';
    // A history that cannot be written leaves it `running`, and its process will be found to have ended.
    await store
      .advance(id, ['running'], to, engine.now(), { ...patch, owner: null, endedAt: engine.now() })
      .then(async (taken) => {
        if (taken) engine.changed(viewOf(await readBack(engine, id)));
      })
      .catch(() => undefined);
  }
}
