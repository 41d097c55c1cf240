import fs from 'node:fs';
import { smallTree } from '../../support/sandbox.ts';
import type { Box } from './box.ts';

/** The tool has made its cache again: from here on this is the unit that must be whole or absent. */
export const madeAgain = async (box: Box): Promise<void> => {
  if (!fs.existsSync(box.seen(box.unit))) smallTree(box.seen(box.unit));
  await box.settled();
};
