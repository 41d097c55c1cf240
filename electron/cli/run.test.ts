import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../shared/errors.ts';
import { run } from './run.ts';
import { fakeInspector } from './testing/fake-inspector.ts';
import { type FakePerson, fakeTerminal } from './testing/fake-terminal.ts';
import { cache, operation } from './testing/samples.ts';

type Answers = Parameters<typeof fakeInspector>[0];

const door = async (line: string, answers: Answers = {}, person: FakePerson = {}) => {
  const terminal = fakeTerminal(person);
  const inspector = fakeInspector(answers);
  let opened = 0;
  const exit = await run(line.split(' ').filter(Boolean), terminal, async () => {
    opened += 1;
    return inspector;
  });
  return { exit, opened, inspector, terminal, out: terminal.out(), err: terminal.err() };
};

const commands = 'list show plan clear undo resume cancel leftovers recover history add forget serve doctor'.split(' ');
const caches = [cache()];

describe('help', () => {
  it.each(commands)('%s --help has an example and opens nothing', async (name) => {
    const { exit, opened, out } = await door(`${name} --help`);
    expect({ exit, opened }).toEqual({ exit: 0, opened: 0 });
    expect(out).toContain(`  cache-inspector ${name}`);
    expect(out).toContain('--json');
  });

  it('names the exit codes and the version', async () => {
    expect((await door('--help')).out).toContain('3 refused');
    expect((await door('--version')).out).toBe('1.2.3\n');
  });
});

describe('wrong usage', () => {
  it.each([
    ['', 'Name a command.'],
    ['lsit', "Unknown command 'lsit'. Did you mean list?"],
    ['list --jsn', "Unknown option '--jsn'. Did you mean --json?"],
    ['show', "Missing required argument 'cache'."],
    ['show npm --limit some', "argument 'some' is invalid. It must be a whole number from 1 to 1,000,000."],
    ['show npm --older-than 30', "argument '30' is invalid. It must be a number and one of"],
    ['history --since ever', "argument 'ever' is invalid."],
    ['history --state gone', "argument 'gone' is invalid. Allowed choices are waiting, running, done, set-aside"],
    ['clear npm --undo-window -1', "argument '-1' is invalid. It must be a number of seconds, 0 or more."],
    ['leftovers --clean l_0123456789ab --clean-safe', 'cannot be used with'],
    ['undo 17', "'17' is not the id of an operation"],
    ['leftovers --clean 17', "'17' is not the id of a leftover"],
    ['doctor now', 'Too many arguments'],
  ])('%j exits 2 with a sentence', async (line, sentence) => {
    const { exit, out, err } = await door(line);
    expect(exit).toBe(2);
    expect(err).toContain(sentence);
    expect(out).toBe('');
  });

  it.each(['--json lsit', 'lsit --json'])('%j is one JSON document', async (line) => {
    const { exit, out, err } = await door(line);
    expect({ exit, err }).toEqual({ exit: 2, err: '' });
    expect(JSON.parse(out).error).toMatchObject({ code: 'invalid-argument' });
  });
});

describe('answers', () => {
  it.each(['--json list', 'list --json'])('%s is one JSON document, and nothing else', async (line) => {
    const { exit, out, err, inspector } = await door(line, { list: () => ({ caches }) });
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(JSON.parse(out)).toEqual({ caches });
    expect(inspector.done).toEqual(['list', 'resume', 'close']);
  });

  it.each([
    ['protected-place', 3],
    ['unknown-target', 2],
    ['io', 1],
  ] as const)('%s exits %d', async (code, exit) => {
    const list = () => {
      throw new CodedError({ code, message: 'No.' });
    };
    const human = await door('list', { list });
    expect(human).toMatchObject({ exit, out: '', err: 'No.\n' });
    const json = await door('list --json', { list });
    expect(json).toMatchObject({ exit, err: '' });
    expect(JSON.parse(json.out)).toEqual({ error: { code, message: 'No.' } });
  });

  it.each([
    ['undo o_0123456789ab', { undo: () => operation({ state: 'undone' }) }],
    ['add ./x', { add: () => cache() }],
    ['doctor', { doctor: () => ({ versions: {}, places: {}, guarantees: [], unreadable: [], notices: [] }) }],
  ] satisfies [string, Answers][])('%s leaves interrupted clears alone', async (line, answers) => {
    const { exit, inspector } = await door(line, answers);
    expect(exit).toBe(0);
    expect(inspector.done).toEqual([line.split(' ')[0], 'close']);
  });

  it('gives paths as the person means them', async () => {
    const { inspector } = await door('add ./x', { add: () => cache() });
    expect(inspector.argsOf('add')).toEqual({ path: resolve('/home/ada/work/x'), isCache: false });
  });

  it('tells notices on stderr', async () => {
    const terminal = fakeTerminal();
    const inspector = fakeInspector({
      list: () => {
        inspector.emit('notice', { level: 'warning', message: 'The history was \u001b[31mdamaged.' });
        return { caches };
      },
    });
    await run(['list', '--json'], terminal, async () => inspector);
    expect(terminal.err()).toBe('Warning: The history was \\u{1b}[31mdamaged.\n');
    expect(JSON.parse(terminal.out())).toEqual({ caches });
  });

  it('says so when the core cannot be opened', async () => {
    const terminal = fakeTerminal();
    const exit = await run(['list', '--json'], terminal, async () => {
      throw new CodedError({ code: 'store-unavailable', message: 'The disk is full.' });
    });
    expect(exit).toBe(1);
    expect(JSON.parse(terminal.out()).error.code).toBe('store-unavailable');
  });

  it('keeps its exit code when finishing an older clear goes wrong', async () => {
    const inspector = {
      ...fakeInspector({ list: () => ({ caches }) }),
      resume: () => Promise.reject(new Error('bad')),
    };
    const terminal = fakeTerminal();
    expect(await run(['list'], terminal, async () => inspector)).toBe(0);
    expect(terminal.err()).toContain('Error: bad');
  });

  it('shows progress on a terminal only, and takes it away again', async () => {
    const listing = async (isTTY: boolean) => {
      const terminal = fakeTerminal({ isTTY });
      const inspector = fakeInspector({
        list: () => {
          const [unit] = caches[0]?.units ?? [];
          if (unit) inspector.emit('measuring', { unit: unit.id, progress: { entries: 2, bytes: 3000 } });
          return { caches };
        },
      });
      await run(['list'], terminal, async () => inspector);
      return terminal.err();
    };
    expect(await listing(true)).toBe('\r\u001b[KMeasuring… 2 entries, 3.00 kB\r\u001b[K');
    expect(await listing(false)).toBe('');
  });
});
