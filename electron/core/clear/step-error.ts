import { CodedError } from '../../../shared/errors.ts';
import type { StepError } from '../../../shared/model.ts';
import { errorText } from '../../../shared/words.ts';
import { errnoOf, systemError } from '../fs/errno.ts';
import { explanation } from '../fs/explain.ts';

/**
 * Anything thrown by a step as the history keeps it: the number, the path, and a short sentence. Nothing is swallowed.
 * {@link explainedError} says more.
 */
export const stepError = (step: string, thrown: unknown, path: string | null): StepError => {
  const error = systemError(thrown);
  if (error) return { step, errno: error.errno, code: error.code, path, message: error.message };
  if (thrown instanceof CodedError) {
    const { code, detail, message } = thrown;
    // What a helper process met: its error crossed as words, with the system's name in `detail`.
    const errno = code === 'io' && detail !== undefined ? errnoOf(detail) : null;
    const name = errno === null || detail === undefined ? code : detail;
    return { step, errno, code: name, path: thrown.path ?? path, message };
  }
  return {
    step,
    errno: null,
    code: 'internal',
    path,
    message: thrown instanceof Error ? thrown.message : String(thrown),
  };
};

/**
 * As {@link stepError}, with the sentence made from what is the case at the path: who owns it, which flag or mount is in
 * the way, how much is free, and what to do next. Looks at the disk, so only for what ends a step. Never rejects.
 */
export const explainedError = async (step: string, thrown: unknown, path: string | null): Promise<StepError> => {
  const error = stepError(step, thrown, path);
  if (error.errno === null || error.path === null) return error;
  const message = await explanation(error.path, error.errno);
  return message === null ? error : { ...error, message };
};

/** The same error as the answer of a call, for whoever waits for it: the sentence that the history has, with its place. */
export const answerOf = (error: StepError, thrown: unknown): unknown =>
  thrown instanceof CodedError || error.errno === null
    ? thrown
    : new CodedError({ code: 'io', message: errorText(error, ''), ...(error.path !== null && { path: error.path }) });
