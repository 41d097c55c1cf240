import type { Surroundings, Tool, UnitDefinition } from '../electron/core/catalog/tool.ts';
import { reader } from '../electron/core/fs/reader.ts';
import { days, hours, type ToolGrammar } from '../electron/core/leftovers/grammars/tool-grammar.ts';
import type { Entry } from '../shared/model.ts';

/** One tool, a cache of it with what people have beside it, and what it leaves behind. */
export interface Subject {
  readonly tool: Tool;
  /** Null: no example of it can be made. */
  readonly root: string | null;
  readonly madeBy: string;
  readonly grammars: readonly ToolGrammar[];
}

const systems = [
  ['Linux', 'linux', '/home/ada'],
  ['macOS', 'darwin', '/Users/ada'],
  ['Windows', 'win32', 'C:\\Users\\ada'],
] as const;

/** Where a tool looks on a machine where nothing is set, and which variables and files it asks before. */
const place = (tool: Tool, platform: Surroundings['platform'], home: string) => {
  const variables = new Set<string>();
  const files = new Set<string>();
  const env = new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => {
        if (typeof name === 'string') variables.add(name);
        return undefined;
      },
    },
  );
  const readText = (path: string): null => {
    files.add(path.replaceAll(home, '~'));
    return null;
  };
  const root = tool.root({ platform, env, home, cwd: home, readText });
  return { path: root.path.replaceAll(home, '~'), isDefault: root.isDefault, variables, files };
};

/** Tools that look through all variables for one of theirs, in large or small letters: those of npm's settings. */
const searched = [
  ...['npm_config_cache', 'npm_config_store_dir', 'npm_config_cache_dir', 'npm_config_devdir'],
  ...['npm_config_cypress_cache_folder', 'npm_config_electron_config_cache', 'npm_config_playwright_browsers_path'],
  ...['pnpm_config_store_dir', 'pnpm_config_cache_dir'],
];

const searchedFor = (tool: Tool): readonly string[] =>
  searched.filter((name) =>
    tool
      .root({ platform: 'linux', env: { [name]: '/probe' }, home: '/home/ada', cwd: '/', readText: () => null })
      .path.startsWith('/probe'),
  );

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
const code = (text: string): string => `\`${text}\``;
const section = (title: string, body: string | null): string =>
  body === null || body === '' ? '' : `\n## ${title}\n\n${body}\n`;

const where = (tool: Tool): string => {
  const places = systems.map(([name, platform, home]) => ({ name, ...place(tool, platform, home) }));
  const rows = places.map(
    ({ name, path, isDefault }) =>
      `| ${name} | ${isDefault ? code(path) : `${code(path)}, when you add it or a setting names it`} |`,
  );
  const variables = [...new Set([...searchedFor(tool), ...places.flatMap((it) => [...it.variables])])].filter(
    (name) => !/^(?:HOME|USERPROFILE|PATH|Path|USER|USERNAME|LOGNAME)$/.test(name),
  );
  const files = places.map(({ name, files: its }) =>
    its.size === 0 ? null : `${name}: ${[...its].map(code).join(', ')}`,
  );
  return [
    ['| System | Place |', '|---|---|', ...rows].join('\n'),
    variables.length === 0 ? null : `Variables that it is asked by first: ${variables.map(code).join(', ')}.`,
    files.every((it) => it === null)
      ? null
      : `Files that are read for it:\n\n${list(files.filter((it) => it !== null))}`,
  ]
    .filter((part) => part !== null)
    .join('\n\n');
};

const unitLine = async (tool: Tool, root: string, unit: UnitDefinition): Promise<string> => {
  const kinds = new Set<Entry['kind']>();
  for await (const { kind } of tool.entries(root, unit, reader)) kinds.add(kind);
  const what = unit.name === '.' ? 'The whole folder' : code(unit.name);
  return kinds.size === 0 ? what : `${what}: ${[...kinds].sort().join(', ')}`;
};

const units = async ({ tool, root, madeBy }: Subject): Promise<string | null> => {
  if (root === null) return null;
  const lines = await Promise.all(tool.units(root, reader).map((unit) => unitLine(tool, root, unit)));
  return `In an example (${madeBy}), with the kinds of entries that are told:\n\n${list(lines)}`;
};

const stays = ({ tool, root }: Subject): string | null => {
  if (root === null) return null;
  const above = root.slice(0, root.search(/[/\\][^/\\]*$/));
  return list(
    tool.keeps(root, reader).map(({ path, why }) => {
      const name = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path.replace(above, '..');
      return `${code(name)}: ${why}`;
    }),
  );
};

const command = (tool: Tool): string | null => {
  if (tool.own !== undefined)
    return `${code(tool.own.argv.join(' '))}: ${tool.own.does}${tool.own.better === null ? '' : ` ${tool.own.better}`}`;
  return tool.command === null ? 'It has none.' : `${code(tool.command)}`;
};

const locks = ({ tool, root }: Subject): string | null => {
  if (tool.locks === undefined) return 'It locks nothing that could be asked: processes and open files are looked at.';
  const kind = tool.locks.kind === 'flock' ? 'flock(2) on whole files' : 'fcntl(2) ranges';
  const files = root === null ? [] : tool.locks.files(root, reader).map((path) => code(path.slice(root.length + 1)));
  const taken = tool.locks.taken.map(code).join(', ');
  return [
    `By ${kind}${files.length === 0 ? '' : `: ${[...new Set(files)].join(', ')}`}.`,
    taken === '' ? '' : ` While a clear renames, it holds ${taken}.`,
  ].join('');
};

const span = (ms: number): string =>
  ms === 0
    ? 'at once'
    : ms >= days(1)
      ? `${ms / days(1)} ${ms === days(1) ? 'day' : 'days'}`
      : ms >= hours(1)
        ? `${ms / hours(1)} h`
        : `${ms / 60_000} min`;

const leftovers = ({ grammars }: Subject): string | null =>
  grammars.length === 0
    ? null
    : [
        '| What | Left alone for | Its own remedy |',
        '|---|---|---|',
        ...grammars.map(({ what, quietMs, remedy }) => `| ${what} | ${span(quietMs)} | ${remedy ?? 'none'} |`),
      ].join('\n');

/** The page of one tool. Says nothing that is not in the catalogue, the leftovers' grammars or the committed example. */
export const docsPage = async (subject: Subject): Promise<string> => {
  const { tool } = subject;
  return [
    `# ${tool.name}\n\n<!-- Made by \`npm run docs\` from electron/core/catalog: change it there. -->\n\n${tool.what}\n`,
    section('Where', where(tool)),
    section('What can be cleared', await units(subject)),
    section('What it costs', tool.cost),
    section('What stays', stays(subject)),
    section('Files that projects share', tool.links ?? null),
    section('The tool’s own command', command(tool)),
    section('Locks', locks(subject)),
    section('What crashed runs leave', leftovers(subject)),
    section('Sources', list(tool.sources ?? [])),
  ].join('');
};
