import path from 'node:path';
import { look } from '../../fs/identity.ts';
import { raw } from '../../fs/raw.ts';
import type { DeleteReport } from '../delete-job.ts';
import { type DeleteOptions, type DeleteOrder, deleteTree } from '../deleter.ts';

// For tests only.

export const ways = process.platform === 'linux' ? (['handles', 'chdir'] as const) : (['chdir'] as const);
export type Way = (typeof ways)[number];

/** The order to delete what stands there now. */
export const orderFor = (at: string): DeleteOrder => {
  const facts = look(at);
  if (facts === null) throw new Error(`${at} is not there`);
  return { parent: raw(path.dirname(at)), name: raw(path.basename(at)), identity: facts.identity };
};

export const remove = (at: string, way: Way, options: DeleteOptions = {}): Promise<DeleteReport> =>
  deleteTree(orderFor(at), { ...options, way });
