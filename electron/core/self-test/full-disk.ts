import { join } from 'node:path';
import { look } from '../fs/identity.ts';
import { fs } from '../fs/seam.ts';
import { sibling } from '../fs/sibling.ts';
import type { FullAnswer } from './full-child.ts';
import { fails, holds, notHere, type Trial } from './ground.ts';
import { inNamespace } from './namespace.ts';
import { inventory, plant } from './trees.ts';

/** The history stands on a disk that is filled up; a clear is asked for. */
export const fullDisk: Trial = {
  name: 'nothing is cleared that could not be written down',
  attempt: async (ground) => {
    const { folder } = ground;
    const [target, stateDir] = [join(folder, 'D'), join(folder, 'state')];
    plant(target, ['a', 'b'], 10);
    for (const name of ['state', 'home']) fs.mkdirSync(join(folder, name));
    const before = inventory(target);
    const order = { target, stateDir, home: join(folder, 'home') };
    const said = await inNamespace<FullAnswer>(ground, sibling(import.meta.url, 'full-child'), order);
    if (said.state === 'not-here') return notHere(said.why);
    const { code, message, isWritten, beside } = said.answer;
    if (isWritten && look(target) === null)
      return holds('the history on a full disk: there was still room to write it all down');
    if (inventory(target) !== before) return fails('what was to be cleared was touched, and no history has it');
    if (beside.length > 0) return fails(`nothing was cleared, but ${beside.join(', ')} was left beside it`);
    return code === 'store-unavailable'
      ? holds(`the history on a full disk: the clear was refused (${code}), and nothing was touched`)
      : fails(`nothing was touched, but the answer was ${code ?? 'none'}: ${message}`);
  },
};
