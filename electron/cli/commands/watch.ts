import type { Leftover } from '../../../shared/model.ts';
import { changeLines, leftoversLines } from '../output/leftovers.ts';
import { roomOf } from '../output/table.ts';
import { need, type Session } from '../session.ts';

/** How often it is looked whether somebody still reads. */
const lookMs = 500;

/** Tells the leftovers as they are, then every change as it comes, until Ctrl-C or until nobody reads any more. */
export const watch = async (session: Session): Promise<0> => {
  const { client, terminal, json, interrupts } = session;
  let known: readonly Leftover[] | null = null;
  const tell = (found: readonly Leftover[]) => {
    if (json) session.answerLine({ leftovers: found });
    else if (known === null) session.print(leftoversLines(found, terminal, roomOf(terminal.stdout)));
    else session.print(changeLines(known, found, terminal));
    known = found;
  };
  const ended = Promise.withResolvers<void>();
  // What comes while the first look is still under way is told after it.
  let early: readonly Leftover[] | null = null;
  const end = client.on('leftovers', (found) => {
    if (known === null) early = found;
    else tell(found);
  });
  const reader = setInterval(() => terminal.stdout.closed && ended.resolve(), lookMs);
  try {
    await interrupts.during(ended.resolve, async () => {
      tell(need(await client.call('leftovers', { measure: true })).leftovers);
      if (early !== null) tell(early);
      await ended.promise;
    });
  } finally {
    clearInterval(reader);
    end();
  }
  return 0;
};
