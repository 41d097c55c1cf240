import { join } from 'node:path';
import { counted } from '../../../shared/words.ts';
import { fs } from '../fs/seam.ts';
import { sibling } from '../fs/sibling.ts';
import { fails, holds, notHere, type Trial } from './ground.ts';
import type { MountAnswer } from './mount-child.ts';
import { inNamespace } from './namespace.ts';
import { inventory, plant } from './trees.ts';

/** A folder of the same file system, and another file system, are mounted inside the tree that is deleted. */
export const mountInside: Trial = {
  name: 'a delete stops at what is mounted below it',
  attempt: async (ground) => {
    const { folder } = ground;
    const victim = join(folder, 'victim');
    const points = [join(folder, 'tree/b/bind'), join(folder, 'tree/b/other')];
    plant(victim, ['.', 'inner'], 20);
    plant(join(folder, 'tree'), ['a', 'b', 'c'], 20);
    for (const point of points) fs.mkdirSync(point);
    const before = inventory(victim);
    const said = await inNamespace<MountAnswer>(ground, sibling(import.meta.url, 'mount-child'), {
      folder,
      victim,
      points,
    });
    if (said.state === 'not-here') return notHere(said.why);
    const { left, other } = said.answer;
    if (inventory(victim) !== before || !other) return fails('a file on the other side of a mount was deleted');
    const rest = fs.readdirSync(join(folder, 'tree'));
    return points.every((point) => left.includes(point)) && rest.join() === 'b'
      ? holds(`a bind mount of the same file system and a tmpfs: not entered, and told as left; the rest was deleted`)
      : fails(`no file beyond a mount was touched, but ${counted(left.length, 'item')} of another kind stayed`);
  },
};
