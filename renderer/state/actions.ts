import type { Answer, Args, CallName } from '../../shared/api.ts';
import type { CacheId, LeftoverId, OperationId } from '../../shared/ids.ts';
import type { UndoChoice } from '../../shared/model.ts';
import { client } from './connection.ts';
import { askToRestore, restored, say } from './ui.ts';

/**
 * Makes a call whose failure a person must be told of, in a message at the bottom. Null when it failed; a view that
 * has a better place for the error calls the client itself.
 */
export const attempt = async <Name extends CallName>(name: Name, args: Args<Name>): Promise<Answer<Name> | null> => {
  const result = await client.call(name, args);
  if (result.ok) return result.value;
  say({ key: `${name} ${result.error.code}`, tone: 'bad', text: result.error.message });
  return null;
};

/** Puts a copy back. Where something new stands at its place by now, the person is asked what to do with the two. */
export const undo = async (operation: OperationId, ifRecreated: UndoChoice = 'refuse'): Promise<void> => {
  const result = await client.call('undo', { operation, ifRecreated });
  if (result.ok) return restored(operation);
  const { code, message } = result.error;
  if (code === 'recreated' && ifRecreated === 'refuse') askToRestore({ operation, message });
  else say({ key: `undo ${code}`, tone: 'bad', text: message });
};
export const resume = (operation: OperationId) => attempt('resume', { operation });
/** Ends a delete or a wait. */
export const stop = (operation: OperationId) => attempt('cancel', { operation });
export const cleanLeftovers = (which: 'safe' | readonly LeftoverId[]) =>
  attempt('clean', { which: which === 'safe' ? which : [...which] });
/** Measures these caches again; all of them when none is named. Sizes come as news. */
export const measure = (caches?: readonly CacheId[]) =>
  attempt('list', { measure: true, ...(caches && { tools: [...caches] }) });
export const reveal = (what: Args<'reveal'>['what']) => attempt('reveal', { what });
export const forget = (cache: CacheId) => attempt('forget', { cache });
export const change = (settings: Args<'settings'>) => attempt('settings', settings);

/** Puts text on the clipboard and says so. */
export const copy = async (text: string, what: string): Promise<void> => {
  try {
    await navigator.clipboard.writeText(text);
    say({ key: 'copied', tone: 'plain', text: `${what} copied.` });
  } catch {
    say({ key: 'copied', tone: 'bad', text: `The browser did not allow copying. It is: ${text}` });
  }
};
