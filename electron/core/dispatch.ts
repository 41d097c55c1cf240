import { type Answer, type CallName, calls, type Implementation, isCallName } from '../../shared/api.ts';
import { CodedError, fail, ok, type Result } from '../../shared/errors.ts';
import { systemError } from './fs/errno.ts';

/** An exception as the value that crosses a door. System errors keep their name; nothing is swallowed. */
const asError = (thrown: unknown): Result<never> => {
  if (thrown instanceof CodedError) {
    const { code, message, path, detail } = thrown;
    return fail({ code, message, ...(path !== undefined && { path }), ...(detail !== undefined && { detail }) });
  }
  const system = systemError(thrown);
  if (system) {
    const path = (thrown as NodeJS.ErrnoException).path;
    return fail({
      code: 'io',
      message: `${system.message} (${system.code})`,
      ...(typeof path === 'string' && { path }),
    });
  }
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return fail({ code: 'internal', message: 'Cache Inspector made a mistake; nothing more was done.', detail });
};

export type Dispatch = (name: string, args: unknown) => Promise<Result<unknown>>;

/**
 * The one way in. Parses the arguments of a call, runs it, and answers with a result; whatever is not a call of the
 * contract, or does not fit its schema, is `invalid-argument` and touches nothing.
 */
export const dispatcher =
  (implementation: Implementation): Dispatch =>
  async (name, args) => {
    if (!isCallName(name)) return fail({ code: 'invalid-argument', message: `There is no call '${name}'.` });
    const parsed = calls[name].args.safeParse(args);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const where = issue?.path.join('.') ?? '';
      return fail({
        code: 'invalid-argument',
        message: `The arguments of '${name}' do not fit${where ? ` at '${where}'` : ''}: ${issue?.message ?? 'unknown'}.`,
      });
    }
    try {
      // The schema and the method are of the same name; the compiler cannot follow that through a union.
      const method = implementation[name] as (args: unknown) => Promise<Answer<CallName>>;
      return ok(await method(parsed.data));
    } catch (thrown) {
      return asError(thrown);
    }
  };
