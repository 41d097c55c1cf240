import { fs } from '../fs/seam.ts';
import { parseStat, type Stat } from './proc.ts';

/** Every process that /proc shows, by its number. One read a step. */
export function* processTable(): Generator<void, Map<number, Stat>> {
  const table = new Map<number, Stat>();
  for (const name of fs.readdirSync('/proc')) {
    if (!/^[1-9]\d*$/.test(name)) continue;
    try {
      const stat = parseStat(fs.readFileSync(`/proc/${name}/stat`, 'latin1'));
      if (stat !== null) table.set(Number(name), stat);
    } catch {
      // It ended since the directory was read.
    }
    yield;
  }
  return table;
}

/** `pid`, everything it descends from, and everything that descends from it. */
export const kinOf = (pid: number, table: ReadonlyMap<number, Pick<Stat, 'parent'>>): ReadonlySet<number> => {
  const kin = new Set<number>([pid]);
  for (let up = table.get(pid)?.parent; up !== undefined && up > 0 && !kin.has(up); up = table.get(up)?.parent) {
    kin.add(up);
  }
  const children = new Map<number, number[]>();
  for (const [child, { parent }] of table) children.set(parent, [...(children.get(parent) ?? []), child]);
  const down = [pid];
  for (let next = down.pop(); next !== undefined; next = down.pop()) {
    for (const child of children.get(next) ?? []) {
      kin.add(child);
      down.push(child);
    }
  }
  return kin;
};
