import { CodedError } from '../../../shared/errors.ts';
import type { StepError } from '../../../shared/model.ts';
import { systemError } from '../fs/errno.ts';

/** Anything thrown by a step as the history keeps it: the number, the path, and a sentence. Nothing is swallowed. */
export const stepError = (step: string, thrown: unknown, path: string | null): StepError => {
  const error = systemError(thrown);
  if (error) return { step, errno: error.errno, code: error.code, path, message: error.message };
  if (thrown instanceof CodedError) {
    return { step, errno: null, code: thrown.code, path: thrown.path ?? path, message: thrown.message };
  }
  return {
    step,
    errno: null,
    code: 'internal',
    path,
    message: thrown instanceof Error ? thrown.message : String(thrown),
  };
};
