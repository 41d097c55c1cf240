import type { Client } from '../../../shared/api.ts';
import { formatBytes } from '../../../shared/format.ts';
import type { Progress } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from './printable.ts';
import { shorten } from './width.ts';

const everyMs = 100;
const eraseLine = '\r\u001b[K';

/** One line on stderr that is written over again and again, on a terminal only. */
export interface ProgressLine {
  show(text: string): void;
  /** Takes the line away, before anything else is written. */
  clear(): void;
}

export const progressLine = (terminal: Pick<Terminal, 'stderr' | 'now'>, wanted: boolean): ProgressLine => {
  const { stderr } = terminal;
  let shown = false;
  let last = Number.NEGATIVE_INFINITY;
  return {
    show: (text) => {
      const now = terminal.now();
      if (!wanted || !stderr.isTTY || now - last < everyMs) return;
      last = now;
      shown = true;
      stderr.write(eraseLine + shorten(printable(text), stderr.columns - 1));
    },
    clear: () => {
      if (shown) stderr.write(eraseLine);
      shown = false;
    },
  };
};

const sum = (all: Iterable<Progress>): Progress => {
  let entries = 0;
  let bytes = 0;
  for (const one of all) {
    entries += one.entries;
    bytes += one.bytes;
  }
  return { entries, bytes };
};

/** Shows what core measures and deletes while it does. Returns the function that ends it. */
export const followProgress = (client: Client, line: ProgressLine): (() => void) => {
  const measured = new Map<string, Progress>();
  const deleted = new Map<string, Progress>();
  const show = (doing: string, all: Iterable<Progress>) => {
    const { entries, bytes } = sum(all);
    line.show(`${doing}… ${counted(entries, 'entry', 'entries')}, ${formatBytes(bytes)}`);
  };
  const ends = [
    client.on('measuring', ({ unit, progress }) => {
      measured.set(unit, progress);
      show('Measuring', measured.values());
    }),
    client.on('deleting', ({ operation, progress }) => {
      deleted.set(operation, progress);
      show('Deleting', deleted.values());
    }),
  ];
  return () => {
    for (const end of ends) end();
    line.clear();
  };
};
