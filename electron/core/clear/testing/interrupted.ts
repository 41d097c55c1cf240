import path from 'node:path';
import { fingerprint, smallTree } from '../../../../e2e/support/sandbox.ts';
import { fs } from '../../fs/seam.ts';
import type { Entry, Phase } from '../../store/schema.ts';
import { entryFor, type Rig } from './rig.ts';

// For tests only.

/** Where a thing stands that an operation was about. */
export type Where = 'name' | 'stale' | 'deleting' | 'nowhere';
const step = { step: 'intent', at: 1, note: null };

/** A journal entry whose thing is a small tree that stands where `where` says. */
export const interrupted = async ({ box, engine }: Rig, phase: Phase, where: Where, more: Partial<Entry> = {}) => {
  const at = path.join(box, 'D');
  smallTree(at);
  const entry = entryFor(at, phase, more);
  await engine.store.begin(entry, step);
  const whole = fingerprint(at);
  if (where === 'nowhere') fs.rmSync(at, { recursive: true });
  else if (where !== 'name') fs.renameSync(at, path.join(box, entry[where].toString()));
  return { entry, whole, place: (name: Exclude<Where, 'nowhere'>) => path.join(box, entry[name].toString()) };
};

/** What stands in the sandbox beside the history. */
export const present = (box: string): readonly string[] => fs.readdirSync(box).filter((name) => name !== 'state');
