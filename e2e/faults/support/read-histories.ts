import { openInspector } from '../../../electron/core/inspector.ts';

// Opens the program on one history after the other, as at a start, and says what it reads in each.

export interface ReadHistory {
  /** Newest first. */
  readonly ids: readonly string[];
  readonly notices: readonly string[];
  readonly error: string | null;
}

const read = async (stateDir: string): Promise<ReadHistory> => {
  const notices: string[] = [];
  const inspector = await openInspector({ door: 'test', stateDir });
  inspector.on('notice', ({ message }) => notices.push(message));
  const answer = await inspector.call('history', {});
  await inspector.close();
  return answer.ok
    ? { ids: answer.value.operations.map(({ id }) => id), notices, error: null }
    : { ids: [], notices, error: answer.error.message };
};

const all: ReadHistory[] = [];
for (const dir of process.argv.slice(2)) {
  all.push(await read(dir).catch((thrown: Error) => ({ ids: [], notices: [], error: thrown.message })));
}
process.stdout.write(JSON.stringify(all));
