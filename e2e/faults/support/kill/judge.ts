import type { Told } from './lane.ts';
import type { Said } from './victim.ts';
import type { Standing, Thing, World } from './world.ts';

/** `killed`: nobody has looked at it yet; `recovered`: twice, keeping what can be undone; `ended`: twice to the end. */
export type Stage = 'killed' | 'recovered' | 'ended';

const ends = ['done', 'undone', 'failed', 'refused', 'nothing-to-do'];

/** Phases that may be, when a thing stands where it stands. Null: nothing is known of the thing. */
const allowed = (where: Where, stage: Stage): readonly (string | null)[] => {
  switch (where) {
    case 'place':
      return [null, 'failed', 'undone', 'refused', 'waiting'];
    case 'stale':
      return stage === 'recovered' ? ['set-aside'] : [];
    case 'deleting':
      return stage === 'recovered' ? ['partial'] : [];
    case 'beside':
      return ['undone'];
    case 'gone':
      return ['done'];
  }
};

type Where = 'place' | 'stale' | 'deleting' | 'beside' | 'gone';

const whereOf = (standing: Standing | undefined, thing: Thing): Where => {
  if (standing === undefined) return 'gone';
  if (/\.deleting-\d+-[0-9a-f]{16}$/.test(standing.name)) return 'deleting';
  if (/\.restored-\d{4}-\d\d-\d\d$/.test(standing.name)) return 'beside';
  return standing.name === thing.name ? 'place' : 'stale';
};

const ofThing = (thing: Thing, standing: Standing | undefined, told: readonly Told[], stage: Stage): string[] => {
  const where = whereOf(standing, thing);
  const wrong: string[] = [];
  if (standing !== undefined && where !== 'deleting' && !standing.isWhole) {
    wrong.push(`${thing.label} is not whole as ${standing.name}`);
  }
  if (stage === 'killed') {
    // Only the history can say whether it may be gone.
    return wrong;
  }
  if (thing.role === 'empty') return wrong;
  // Of several operations about one thing the last says where it is.
  const phase = told.findLast(({ ino }) => ino === thing.ino)?.phase ?? null;
  if (!allowed(where, stage).includes(phase)) {
    wrong.push(`${thing.label}: ${where} (${standing?.name ?? 'nothing'}), and the history says ${phase}`);
  }
  return wrong;
};

/** What speaks against the invariant of the protocol, as sentences; `told` is what the history has, where it was read. */
export const judge = (world: World, told: readonly Told[], stage: Stage): readonly string[] => {
  const wrong = [...world.othersChanged()];
  const standing = world.standing();
  for (const thing of world.things) {
    const [first, ...more] = standing.filter(({ ino }) => ino === thing.ino);
    if (more.length > 0) wrong.push(`${thing.label} stands in several places`);
    wrong.push(...ofThing(thing, first, told, stage));
  }
  for (const { name, thing } of standing) if (thing === null) wrong.push(`${name} is nobody's`);
  if (stage === 'ended') wrong.push(...unfinished(world, told, standing));
  return wrong.map((what) => `${stage}: ${what}`);
};

/** What two recoveries to the end must not leave. */
const unfinished = (world: World, told: readonly Told[], standing: readonly Standing[]): readonly string[] => {
  const wrong: string[] = [];
  for (const { id, phase, name } of told) {
    const waits = phase === 'waiting' && standing.some((it) => it.name === name && it.isWhole);
    if (!ends.includes(phase) && !waits) wrong.push(`${id} is still ${phase}`);
  }
  return [...wrong, ...world.litter().map((name) => `${name} is left behind`)];
};

/** Once this has been said, the history may say what stands behind it, and nothing else. */
const after: Readonly<Record<string, readonly string[]>> = {
  waiting: ['waiting', 'refused', 'failed', 'set-aside', 'deleting', 'partial', 'done'],
  'set-aside': ['set-aside', 'deleting', 'partial', 'done', 'undone'],
  deleting: ['deleting', 'partial', 'done'],
  partial: ['partial', 'deleting', 'done'],
};

/** What was acknowledged and is not in the history, or not as it was said. */
export const lost = (said: readonly Said[], told: readonly Told[]): readonly string[] =>
  said.flatMap((line) => {
    if (!('state' in line)) return [];
    const phase = told.find(({ id }) => id === line.id)?.phase;
    if (phase === undefined) return [`${line.id} was ${line.state}, and the history does not know it`];
    return (after[line.state] ?? [line.state]).includes(phase) ? [] : [`${line.id} was ${line.state}, and is ${phase}`];
  });
