import path from 'node:path';
import { fingerprint } from '../../../../e2e/support/sandbox.ts';
import { look } from '../../fs/identity.ts';
import { fs } from '../../fs/seam.ts';
import type { Record } from '../../store/schema.ts';
import { setAside } from '../set-aside.ts';
import { newRig, type Rig } from './rig.ts';

// For tests only.

/** Something that has been set aside and can be undone. */
export interface Aside extends Rig {
  /** Where it stood. */
  readonly at: string;
  readonly record: Record;
  /** Where it stands. */
  readonly stale: string;
  /** How it was. */
  readonly whole: string;
}

/** A small tree; `make` may put more into it. */
export const treeAside = async (name = 'D', make?: (at: string) => void): Promise<Aside> => {
  const rig = await newRig();
  const job = rig.assignment(name);
  const at = path.join(rig.box, name);
  make?.(at);
  const whole = fingerprint(at);
  const record = await setAside(rig.engine, job);
  return { ...rig, at, record, stale: path.join(rig.box, record.stale.toString()), whole };
};

/** A single file. */
export const fileAside = async (name = 'F'): Promise<Aside> => {
  const rig = await newRig();
  const job = rig.assignment(name);
  const at = path.join(rig.box, name);
  fs.rmSync(at, { recursive: true });
  fs.writeFileSync(at, 'old');
  const whole = fingerprint(at);
  const facts = look(at);
  if (facts === null) throw new Error(`${at} is not there`);
  const record = await setAside(rig.engine, { ...job, identity: facts.identity, born: facts.born });
  return { ...rig, at, record, stale: path.join(rig.box, record.stale.toString()), whole };
};
