import { CacheId, LeftoverId, OperationId, PlanId, UnitId } from '../../../shared/ids.ts';
import type { Cache, Leftover, Operation, Plan, Unit } from '../../../shared/model.ts';

/** Things as a core would give them, for tests. */
export const unit = (more: Partial<Unit> = {}): Unit => ({
  id: UnitId.parse('u_0123456789ab'),
  name: '_cacache',
  path: '/home/ada/.npm/_cacache',
  present: true,
  identity: { dev: 1, ino: 2 },
  files: 34_120,
  directories: 10,
  bytes: { apparent: 1_200_000_000, allocated: 1_240_000_000, reclaimable: 1_240_000_000 },
  lastUsed: '2026-05-09T09:30:00.000Z',
  oldestUse: null,
  unreadable: [],
  measuredAt: null,
  ...more,
});

export const cache = (more: Partial<Cache> = {}): Cache => ({
  id: CacheId.parse('c_0123456789ab'),
  tool: 'npm',
  name: 'npm',
  root: '/home/ada/.npm',
  present: true,
  added: false,
  because: "the platform's default",
  what: '',
  cost: '',
  command: null,
  keeps: [],
  problem: null,
  units: [unit()],
  ...more,
});

export const plan = (more: Partial<Plan> = {}): Plan => ({
  id: PlanId.parse('p_0123456789ab'),
  steps: [
    {
      unit: UnitId.parse('u_0123456789ab'),
      rename: { from: '/home/ada/.npm/_cacache', to: '/home/ada/.npm/_cacache.stale-77-abc' },
      identity: { dev: 1, ino: 2 },
    },
  ],
  bytes: { apparent: 0, allocated: 1_240_000_000, reclaimable: 1_200_000_000 },
  keeps: [{ path: '/home/ada/.npmrc', why: 'holds your tokens' }],
  usage: 'idle',
  evidence: [],
  holders: [],
  refusals: [],
  ...more,
});

export const operation = (more: Partial<Operation> = {}): Operation => ({
  id: OperationId.parse('o_0123456789ab'),
  plan: null,
  kind: 'clear',
  state: 'done',
  tool: 'npm',
  unit: '_cacache',
  path: '/home/ada/.npm/_cacache',
  door: 'terminal',
  startedAt: '2026-05-12T09:30:00.000Z',
  endedAt: null,
  undoUntil: null,
  bytes: { planned: null, freed: 1_240_000_000 },
  entriesDeleted: 34_120,
  left: [],
  leftCount: 0,
  occupied: null,
  holders: [],
  waitUntil: null,
  isWaited: false,
  restoredTo: null,
  errors: [],
  asidePath: null,
  steps: [],
  ...more,
});

export const leftover = (more: Partial<Leftover> = {}): Leftover => ({
  id: LeftoverId.parse('l_0123456789ab'),
  path: '/home/ada/.cache/pip-tools/pkgs.stale-4242',
  tool: 'pip-tools',
  origin: 'pip-tools',
  verdict: 'abandoned',
  cleaning: 'safe',
  evidence: ['process 4242 has ended'],
  bytes: { apparent: 0, allocated: 86_000_000, reclaimable: 86_000_000 },
  files: 12,
  since: '2026-05-10T09:30:00.000Z',
  operation: null,
  ...more,
});
