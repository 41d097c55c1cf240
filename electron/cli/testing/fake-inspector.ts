import type { Answer, Args, CallName, EventName, Events } from '../../../shared/api.ts';
import { calls } from '../../../shared/api.ts';
import { CodedError, fail, ok, type Result } from '../../../shared/errors.ts';
import type { Inspector } from '../run.ts';

type Answers = { readonly [Name in CallName]?: (args: Args<Name>) => Answer<Name> | Promise<Answer<Name>> };

/** A fake core for tests of this door: it answers what the test says and remembers what it was asked. */
export interface FakeInspector extends Inspector {
  /** `list`, `plan`, …, and `resume` and `close`, in order. */
  readonly done: readonly string[];
  readonly argsOf: (name: CallName) => unknown;
  emit<Name extends EventName>(event: Name, news: Events[Name]): void;
}

export const fakeInspector = (answers: Answers): FakeInspector => {
  const done: string[] = [];
  const given = new Map<string, unknown>();
  const listeners = new Map<string, Set<(news: never) => void>>();
  return {
    done,
    argsOf: (name) => given.get(name),
    call: async <Name extends CallName>(name: Name, args: Args<Name>): Promise<Result<Answer<Name>>> => {
      done.push(name);
      given.set(name, args);
      // A door that sends what the contract does not allow is caught here.
      calls[name].args.parse(args);
      const answer = answers[name];
      if (answer === undefined) return fail({ code: 'internal', message: `The fake was not told about '${name}'.` });
      try {
        return ok(await answer(args));
      } catch (thrown) {
        if (thrown instanceof CodedError) return fail({ code: thrown.code, message: thrown.message });
        throw thrown;
      }
    },
    on: (event, listener) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => set.delete(listener);
    },
    emit: (event, news) => {
      for (const listener of [...(listeners.get(event) ?? [])]) (listener as (news: unknown) => void)(news);
    },
    resume: async () => {
      done.push('resume');
    },
    hold: async () => {
      done.push('hold');
      return { caches: [], release: () => done.push('let go') };
    },
    close: async () => {
      done.push('close');
    },
  };
};
