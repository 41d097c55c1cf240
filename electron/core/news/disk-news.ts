import { roomAt } from '../fs/disk.ts';
import { home } from '../home.ts';
import type { Parts } from '../parts.ts';
import { Pulse } from './pulse.ts';
import { tellOnce } from './tell-once.ts';

const everyMs = 10_000;

/** Tells how much room is on the disk while somebody listens, and again when an operation has ended. */
export const diskNews = ({ events }: Parts): void => {
  const look = async (): Promise<void> => {
    const disk = await roomAt(home());
    if (disk !== null) events.emit('disk', disk);
  };
  const pulse = new Pulse(everyMs, look, tellOnce(events, 'The free space cannot be looked at'));
  events.whileHeard('disk', () => pulse.start());
  events.overhear('operation', ({ endedAt }) => {
    if (endedAt !== null) pulse.poke();
  });
};
