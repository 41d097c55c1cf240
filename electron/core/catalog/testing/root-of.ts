import { tools } from '../index.ts';
import type { Root, Surroundings } from '../tool.ts';

/** What a tool sees of a machine. The home is Ada's. */
export interface Given {
  readonly platform?: Surroundings['platform'];
  readonly env?: Surroundings['env'];
  readonly home?: string;
  readonly uid?: number;
  readonly files?: Readonly<Record<string, string>>;
}

const homes = { linux: '/home/ada', darwin: '/Users/ada', win32: 'C:\\Users\\ada' } as const;

/** Where a tool would look on such a machine. */
export const rootOf = (tool: string, { platform = 'linux', env = {}, home, uid, files = {} }: Given): Root => {
  const found = tools.find(({ id }) => id === tool);
  if (found === undefined) throw new Error(`no tool ${tool}`);
  return found.root({
    platform,
    env,
    home: home ?? homes[platform],
    cwd: platform === 'win32' ? 'C:\\work' : '/work',
    ...(uid !== undefined && { uid }),
    readText: (path) => files[path] ?? null,
  });
};
