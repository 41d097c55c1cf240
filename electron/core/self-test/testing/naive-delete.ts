import { join } from 'node:path';
import type { ToHelper } from '../../clear/delete-job.ts';
import { helperPort } from '../../clear/helper-process.ts';
import { fs } from '../../fs/seam.ts';

// For tests only: a deleting helper as nobody should write it. It goes by paths, which somebody can swap under it.

const port = helperPort();

const empty = (path: string): void => {
  for (const name of fs.readdirSync(path)) {
    const at = join(path, name);
    try {
      if (fs.lstatSync(at).isDirectory()) empty(at);
      else fs.unlinkSync(at);
    } catch {
      // Somebody was faster.
    }
  }
};

port.onMessage((message) => {
  const order = message as ToHelper;
  if (order.type === 'cancel') return;
  empty(join(Buffer.from(order.job.parent).toString(), Buffer.from(order.job.name).toString()));
  const report = { entries: 0, freed: 0, left: [], leftCount: 0, gone: true, cancelled: false };
  port.send({ type: 'done', report });
});
