import { CodedError, type Result } from '../../../shared/errors.ts';
import { helperPort } from '../clear/helper-process.ts';
import { openInspector } from '../inspector.ts';
import { seeNothingBut } from './alone.ts';

/** A helper that clears one folder through the whole program and says how far it is, so that it can be killed there. */
export interface ClearOrder {
  readonly stateDir: string;
  readonly home: string;
  /** Null: recover twice instead. */
  readonly target: string | null;
}

const value = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new CodedError(result.error);
};

const port = helperPort();
port.onMessage(async (message) => {
  const { stateDir, home, target } = message as ClearOrder;
  seeNothingBut(home);
  const inspector = await openInspector({ door: 'self-test', stateDir });
  if (target === null) {
    for (const _ of ['first', 'second']) value(await inspector.call('recover', { now: true }));
  } else {
    inspector.on('operation', ({ state }) => port.send(state));
    const cache = value(await inspector.call('add', { path: target, isCache: true }));
    const plan = value(await inspector.call('plan', { targets: [{ cache: cache.id }], measure: false }));
    port.send('clearing');
    value(await inspector.call('clear', { plan: plan.id, undoWindowMs: 0, evenIfInUse: true }));
  }
  await inspector.close();
  port.send('over');
});
