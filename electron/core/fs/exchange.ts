import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CodedError } from '../../../shared/errors.ts';
import { type Identity, sameIdentity } from '../../../shared/identity.ts';
import { errnoName, isErrno, systemError } from './errno.ts';
import type { DirectoryHandle } from './handle.ts';
import { type Raw, rawText, showRaw } from './raw.ts';
import {
  programPath,
  type RenameOrder,
  type RenameProgram,
  renamePrograms,
  type SpecialRename,
} from './rename-programs.ts';

/** A rename takes some microseconds and such a program some milliseconds. One that hangs is ended. */
const patienceMs = 20_000;

/** The number of the error (0: done), or that nobody could say. */
type Answer = number | 'not there' | 'unclear';

const answerOf = ({ tellsErrno }: RenameProgram, code: number | null, said: string): Answer => {
  if (!tellsErrno) return code === 0 ? 0 : 'unclear';
  const text = said.trim();
  if (text === 'none') return 'not there';
  return /^\d+$/.test(text) ? Number(text) : 'unclear';
};

const runProgram = (program: RenameProgram, words: readonly string[], directory: number): Promise<Answer> =>
  new Promise((resolve) => {
    // Nothing of the environment may change what perl or python do.
    const env = { PATH: programPath(), LC_ALL: 'C' };
    const child = spawn(program.name, words, { env, stdio: ['ignore', 'pipe', 'ignore', directory] });
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    let said = '';
    child.stdout?.setEncoding('latin1').on('data', (text: string) => {
      said += text;
    });
    child.on('error', () => {
      clearTimeout(timer);
      resolve('not there');
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(answerOf(program, code, said));
    });
  });

const orderOf = (how: SpecialRename, from: Raw, to: Raw): RenameOrder => {
  const [one, other] = [rawText(from), rawText(to)];
  const text = one === null || other === null ? null : { from: one, to: other };
  return { how, from, to, text, asker: process.pid };
};

/** The error of a failed call as Node would throw it. */
const asSystemError = (errno: number, what: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${errnoName(errno)}: ${what}`), { errno: -errno, code: errnoName(errno) });

const wanted =
  process.platform === 'linux'
    ? 'perl, python3, exch or mv of coreutils 9.5 could'
    : process.platform === 'darwin'
      ? 'python3 could'
      : 'this one has no such call';

/** Answers that mean: this kernel or this file system has no such rename. Nothing was touched then. */
const lacks = ['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

/**
 * Asks one program after another until one gives a clear answer. `happened` says, by inode, whether the rename was made:
 * a program may be killed after the call and before its word. `not there`: nobody here can do it; `unclear`: whoever was
 * asked ended without a word. Nothing was touched then.
 */
const ask = async (parent: DirectoryHandle, order: RenameOrder, happened: () => Promise<boolean>): Promise<Answer> => {
  let last: Answer = 'not there';
  if (parent.fd === null) return last;
  for (const program of renamePrograms) {
    const words = program.words(order);
    if (words === null) continue;
    const answer = await runProgram(program, words, parent.fd);
    if (typeof answer === 'number' && answer !== 0) return answer;
    if (answer === 0 || (await happened())) return 0;
    // An old mv does not know the option: that it said no says nothing.
    if (program.tellsErrno && answer === 'unclear') last = answer;
  }
  return last;
};

const is = (facts: { readonly identity: Identity } | null, wanted: Identity): boolean =>
  facts !== null && sameIdentity(facts.identity, wanted);

/**
 * Lets two names in one directory change places in one step (renameat2(2) with RENAME_EXCHANGE): at every moment something
 * stands at both. Node cannot make the call, so a program of the system does, in the very directory that the handle has
 * open. Who calls this looks afterwards what stands where, since somebody may have been quicker.
 * @throws CodedError `not-available` when no program here, or not this file system, can do that, `helper-died` when the
 * program was ended before it did; the system's error when it says no (EBUSY: one is a mount point). Nothing was touched
 * then.
 */
export const exchange = async (parent: DirectoryHandle, one: Raw, other: Raw): Promise<void> => {
  const before = { one: await parent.look(one), other: await parent.look(other) };
  const happened = async (): Promise<boolean> =>
    before.one !== null &&
    before.other !== null &&
    is(await parent.look(one), before.other.identity) &&
    is(await parent.look(other), before.one.identity);
  const answer = await ask(parent, orderOf('exchange', one, other), happened);
  if (answer === 0) return;
  if (answer === 'unclear') {
    const message =
      'The program that was to let the two change places ended without a word, and without having done it.';
    throw new CodedError({ code: 'helper-died', message });
  }
  const thrown = answer === 'not there' ? null : asSystemError(answer, 'exchange');
  if (thrown !== null && !isErrno(thrown, ...lacks)) throw thrown;
  const message =
    thrown === null
      ? `No program of this system can let two folders change places in one step (${wanted}).`
      : `The file system cannot let two folders change places in one step (${systemError(thrown)?.code}).`;
  throw new CodedError({ code: 'not-available', message });
};

/**
 * rename(2) that never replaces anything. Where a program of the system can ask for that (RENAME_NOREPLACE), it is one
 * step: `kernel`. Else the new name is looked at first, and what is put there between the look and the rename would be
 * replaced, as far as rename(2) replaces it: `look`.
 * @throws EEXIST when the name is taken, and what else the system says; nothing was touched then.
 */
export const renameToFree = async (parent: DirectoryHandle, from: Raw, to: Raw): Promise<'kernel' | 'look'> => {
  const thing = await parent.look(from);
  const happened = async (): Promise<boolean> => thing !== null && is(await parent.look(to), thing.identity);
  const answer = await ask(parent, orderOf('no-replace', from, to), happened);
  if (answer === 0) return 'kernel';
  const what = `rename to ${showRaw(to)}`;
  if (typeof answer === 'number' && !isErrno(asSystemError(answer, what), ...lacks)) throw asSystemError(answer, what);
  if ((await parent.look(to)) !== null) throw asSystemError(constants.errno.EEXIST, what);
  await parent.rename(from, to);
  return 'look';
};
