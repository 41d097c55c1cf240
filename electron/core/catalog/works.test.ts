import { expect, test } from 'vitest';
import { tools } from './index.ts';

const worksWith = (line: string): Readonly<Record<string, boolean | 'while-alone'>> => {
  const told = tools.map(({ id, works }) => [id, works?.(line.split(' ')) ?? false] as const);
  return Object.fromEntries(told.filter(([, it]) => it !== false));
};

/** Which Yarn it is does not show. */
const yarns = { yarn: true, 'yarn-berry': true } as const;
const both = (answer: boolean | 'while-alone') => ({ pnpm: answer, 'pnpm-metadata': answer });

test.each<[string, Readonly<Record<string, boolean | 'while-alone'>>]>([
  ['node /usr/bin/yarn', yarns],
  ['node /usr/local/bin/yarn install --frozen-lockfile', yarns],
  ['/usr/bin/node --max-old-space-size=4096 /opt/yarn/bin/yarn.js add left-pad', yarns],
  ['yarn --cwd web install', yarns],
  ['yarn --silent', yarns],
  ['node /shop/.yarn/releases/yarn-4.5.0.cjs install', { 'yarn-berry': true }],
  ['bun install', { bun: true }],
  ['deno run main.ts', { deno: true }],
  ['node /shop/node_modules/.bin/playwright install', { playwright: true }],
  ['node /usr/bin/yarn create vite', { yarn: 'while-alone' }],
  ['node /usr/bin/yarn run dev', {}],
  ['node /usr/bin/yarn dev', {}],
  ['node /usr/bin/yarn --cwd install dev', {}],
  ['node /usr/bin/yarn --version', {}],
  ['/usr/bin/yarnish install', {}],
  ['vim yarn.lock', {}],
  ['/home/ada/.bin/pnpm install', both(true)],
  ['node /usr/lib/node_modules/pnpm/bin/pnpm.cjs i --frozen-lockfile', both(true)],
  ['pnpm -r --filter web... add x', both(true)],
  ['pnpm --filter install run dev', {}],
  ['pnpm recursive install', both(true)],
  ['pnpm dlx create-vite', both('while-alone')],
  ['pnpx create-vite', both('while-alone')],
  ['pnpm run dev', {}],
  ['pnpm exec vite', {}],
  ['pnpm dev', {}],
  ['pnpm', {}],
  ['cargo build --release', { cargo: true }],
  ['/root/.cargo/bin/cargo +nightly check', { cargo: true }],
  ['cargo --color always fetch', { cargo: true }],
  ['cargo run', {}],
  ['cargo --version', {}],
  ['target/debug/server build', {}],
  ['uv sync', { uv: true }],
  ['uv pip install requests', { uv: true }],
  ['uv tool run ruff', { uv: 'while-alone' }],
  ['uv tool install ruff', { uv: true }],
  ['uvx ruff', { uv: 'while-alone' }],
  ['uv run server.py', {}],
  ['uv --version', {}],
  ['/usr/bin/python3 /usr/bin/pre-commit run --all-files', { 'pre-commit': true }],
  ['python3 -m pre_commit hook-impl', { 'pre-commit': true }],
  ['pre-commit --version', {}],
  ['sh .git/hooks/pre-commit', { 'pre-commit': true }],
  ['hf download org/model', { huggingface: true }],
  ['/usr/bin/python3 /usr/bin/huggingface-cli download org/model', { huggingface: true }],
  ['hf auth login', {}],
  [
    'java -Xmx512m -cp /g/lib/gradle-launcher-8.5.jar org.gradle.launcher.daemon.bootstrap.GradleDaemon 8.5',
    { gradle: true },
  ],
  ['java -classpath /p/gradle/wrapper/gradle-wrapper.jar org.gradle.wrapper.GradleWrapperMain build', { gradle: true }],
  ['java -jar server.jar', {}],
  ['', {}],
])('%s', (line, expected) => {
  expect(worksWith(line)).toEqual(expected);
});
