import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { counted } from '../../../shared/words.ts';
import { look } from '../fs/identity.ts';
import { fs } from '../fs/seam.ts';
import { sibling } from '../fs/sibling.ts';
import type { ClearOrder } from './clear-child.ts';
import { fails, fromTerminal, type Ground, holds, inDesktop, notHere, type Trial } from './ground.ts';
import { startHelper } from './helper.ts';
import { inventory, plant } from './trees.ts';

/** When each of the clears is killed: so many ms after it says that it has come this far. */
const moments = [
  { when: 'clearing', afterMs: 0 },
  { when: 'clearing', afterMs: 8 },
  { when: 'set-aside', afterMs: 0 },
  { when: 'deleting', afterMs: 0 },
  { when: 'deleting', afterMs: 30 },
] as const;

const script = (): URL => sibling(import.meta.url, 'clear-child');

const killOne = async (
  ground: Ground,
  order: ClearOrder,
  { when, afterMs }: (typeof moments)[number],
): Promise<void> => {
  const helper = startHelper(ground, script());
  helper.send(order);
  for (let said = ''; said !== when && said !== 'over'; ) said = String(await helper.next());
  await sleep(afterMs);
  helper.kill();
  await helper.ended;
};

const recover = async (ground: Ground, order: Omit<ClearOrder, 'target'>): Promise<void> => {
  const helper = startHelper(ground, script());
  helper.send({ ...order, target: null });
  for (let said = ''; said !== 'over'; ) said = String(await helper.next());
  helper.kill();
  await helper.ended;
};

/** Clears are killed in the middle, each at another moment; then everything is recovered, twice. */
export const killed: Trial = {
  name: 'a clear that is killed leaves all or nothing',
  attempt: async (ground) => {
    if (inDesktop) return notHere(fromTerminal);
    const { folder } = ground;
    const [stateDir, home] = [join(folder, 'state'), join(folder, 'home')];
    fs.mkdirSync(home);
    const targets = moments.map((_, index) => join(folder, `D${index}`));
    for (const target of targets) plant(target, ['a', 'b', 'c', 'd'], 50);
    const before = targets.map(inventory);
    for (const [index, moment] of moments.entries()) {
      await killOne(ground, { stateDir, home, target: targets[index] ?? '' }, moment);
    }
    await recover(ground, { stateDir, home });
    const whole = targets.filter((target) => look(target) !== null);
    const torn = targets.filter((target, index) => look(target) !== null && inventory(target) !== before[index]);
    const known = ['state', 'home', ...targets.map((_, index) => `D${index}`)];
    const behind = fs.readdirSync(folder).filter((name) => !known.includes(name));
    if (torn.length > 0)
      return fails(`${counted(torn.length, 'tree')} of ${targets.length} was neither whole nor gone`);
    if (behind.length > 0) return fails(`after two recoveries ${behind[0]} was left behind`);
    return holds(
      `killed at ${counted(moments.length, 'moment')}, recovered twice: ${whole.length} untouched, ${targets.length - whole.length} gone, nothing left behind`,
    );
  },
};
