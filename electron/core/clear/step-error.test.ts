import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { sandbox } from '../../../e2e/support/sandbox.ts';
import { CodedError } from '../../../shared/errors.ts';
import { answerOf, explainedError, stepError } from './step-error.ts';

const { ENOSPC, EACCES } = constants.errno;
const thrownBySystem = (errno: number, code: string): Error =>
  Object.assign(new Error(`${code}: as Node says it`), { errno: -errno, code });

describe('an error of a step', () => {
  it('has its number, its path and a sentence with the next step', () => {
    const error = stepError('set-aside', thrownBySystem(ENOSPC, 'ENOSPC'), '/x');
    expect(error).toEqual({
      step: 'set-aside',
      errno: ENOSPC,
      code: 'ENOSPC',
      path: '/x',
      message: expect.stringContaining('try again'),
    });
  });

  it('keeps the number of what another process met, and of what Node has no name for', () => {
    const io = new CodedError({ code: 'io', message: 'words', detail: 'EACCES' });
    expect(stepError('delete', io, '/x')).toMatchObject({ errno: EACCES, code: 'EACCES', message: 'words' });
    expect(stepError('delete', thrownBySystem(9999, 'Unknown system error -9999'), '/x')).toMatchObject({
      errno: 9999,
    });
    const changed = new CodedError({ code: 'changed', message: 'words', detail: 'changed' });
    expect(stepError('delete', changed, '/x')).toMatchObject({ errno: null, code: 'changed' });
    expect(stepError('delete', 'odd', null)).toMatchObject({ errno: null, code: 'internal', message: 'odd' });
  });

  it.skipIf(process.platform === 'win32')(
    'says what is the case at its path, and the same to whoever waits for it',
    async () => {
      const box = sandbox();
      const thrown = thrownBySystem(ENOSPC, 'ENOSPC');
      const error = await explainedError('undo', thrown, box);
      expect(error).toMatchObject({ errno: ENOSPC, path: box, message: expect.stringMatching(/\d.*B free\)/) });
      expect(answerOf(error, thrown)).toMatchObject({
        code: 'io',
        path: box,
        message: expect.stringContaining(error.message),
      });
      const refused = new CodedError({ code: 'recreated', message: 'words' });
      expect(answerOf(await explainedError('undo', refused, box), refused)).toBe(refused);
    },
  );
});
