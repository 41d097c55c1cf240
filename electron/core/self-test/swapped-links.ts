import { join } from 'node:path';
import { CodedError } from '../../../shared/errors.ts';
import { formatCount } from '../../../shared/format.ts';
import { deleteTree } from '../clear/deleter.ts';
import { look } from '../fs/identity.ts';
import { raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { fails, type Ground, holds, notHere, type Trial } from './ground.ts';
import { type Pair, startSwapper } from './swapper.ts';
import { inventory, plant, plantNames } from './trees.ts';

/** Each changes places with a link of its own: one of them is hit by whoever goes by paths. */
const swapped = ['m', 'n', 'o', 'p', 'q', 'r'];
const mostRounds = 12;
const leastRounds = 3;
/** After so long no further round is begun. */
const longEnoughMs = 2500;

const deleteOne = async ({ fork }: Ground, folder: string, name: string): Promise<void> => {
  const facts = look(join(folder, name));
  if (facts === null) throw new Error(`${name} is not there`);
  try {
    await deleteTree({ parent: raw(folder), name: raw(name), identity: facts.identity }, { fork });
  } catch (thrown) {
    // Seen by an identity that does not fit: stopping there is the right answer.
    if (!(thrown instanceof CodedError)) throw thrown;
  }
};

/** A folder of the tree changes places with a link to somebody's files, over and over, while the tree is deleted. */
export const swappedLinks: Trial = {
  name: 'a delete is not led elsewhere by a swapped link',
  attempt: async (ground) => {
    const { folder } = ground;
    const victim = join(folder, 'victim');
    plant(victim, ['.'], 300);
    const before = inventory(victim);
    const swapper = await startSwapper(ground);
    if (swapper === null) return notHere('links cannot be made here');
    const start = Date.now();
    let rounds = 0;
    while (rounds < leastRounds || (rounds < mostRounds && Date.now() - start < longEnoughMs)) {
      const tree = `tree-${rounds}`;
      const pairs = swapped.map((name): Pair => [join(folder, tree, name), join(folder, `${tree}-${name}`)]);
      plantNames(join(folder, tree), swapped, 300);
      for (const [, link] of pairs) fs.symlinkSync(victim, link);
      swapper.swap(pairs);
      await deleteOne(ground, folder, tree);
      rounds += 1;
      if (inventory(victim) !== before) return fails(`in round ${rounds} a file outside of the tree was touched`);
    }
    const swaps = await swapper.stop();
    if (inventory(victim) !== before) return fails('a file outside of the tree was touched');
    return swaps === 0
      ? notHere('no name was swapped in time: the machine is too busy')
      : holds(
          `${rounds} deletes while folders and links changed places ${formatCount(swaps)} times (${swapper.by}): no file outside was touched`,
        );
  },
};
