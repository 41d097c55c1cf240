import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Operation } from '../../shared/model.ts';
import type { ToPage } from '../../shared/wire.ts';
import { killGroup } from '../support/processes.ts';
import { inspect, newHome, startProgram } from '../support/program.ts';
import { run } from '../support/run.ts';
import { onLinux, write } from '../support/sandbox.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));

beforeAll(async () => {
  if (existsSync(join(top, 'out/page/index.html'))) return;
  const built = await run('npm', ['run', '--prefix', top, 'build:page']);
  expect(built.code, built.stderr).toBe(0);
});

interface Running {
  readonly child: ChildProcess;
  readonly url: URL;
  readonly said: { out: string; err: string };
}

const serve = async (home: string): Promise<Running> => {
  const child = startProgram(home, ['serve', '--no-open']);
  onTestFinished(() => killGroup(child));
  const said = { out: '', err: '' };
  child.stderr?.on('data', (text) => {
    said.err += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (text) => {
      said.out += text;
      if (said.out.includes('\n')) resolve();
    });
    child.once('exit', () => reject(new Error(said.err)));
  });
  return { child, url: new URL(said.out.split('\n')[0] ?? ''), said };
};

/** Goes in as a browser does, and gives a call and what is heard. */
const page = async ({ url }: Running) => {
  const entered = await fetch(url, { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const shown = await fetch(url.origin, { headers: { cookie } });
  expect(shown.status).toBe(200);
  expect(await shown.text()).toContain('<title>Cache Inspector</title>');
  const socket = new WebSocket(`${url.origin.replace('http', 'ws')}/socket`, {
    origin: url.origin,
    headers: { cookie },
  });
  const heard: ToPage[] = [];
  const looks = new Set<() => void>();
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as ToPage;
    heard.push(message);
    if ('batch' in message) socket.send(JSON.stringify({ ack: message.batch }));
    for (const look of [...looks]) look();
  });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));
  const until = (fits: (message: ToPage) => boolean): Promise<ToPage> =>
    new Promise((resolve) => {
      const look = () => {
        const found = heard.find(fits);
        if (found !== undefined) resolve(found);
      };
      looks.add(look);
      look();
    });
  let id = 0;
  const send = (call: string, args: unknown): number => {
    id += 1;
    socket.send(JSON.stringify({ id, call, args }));
    return id;
  };
  const call = async <Answer>(name: string, args: unknown): Promise<Answer> => {
    const sent = send(name, args);
    const message = await until((one) => 'id' in one && one.id === sent);
    if (!('id' in message) || !message.result.ok) throw new Error(JSON.stringify(message));
    return message.result.value as Answer;
  };
  return { socket, until, send, call };
};

const stopped = async ({ child, said }: Running, ...signals: readonly NodeJS.Signals[]) => {
  const began = Date.now();
  const exit = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  for (const signal of signals) child.kill(signal);
  const code = await exit;
  return { code, ms: Date.now() - began, lines: said.err.trimEnd().split('\n') };
};

/** Nobody of its group is left. */
const gone = (pid: number | undefined) => () => {
  try {
    process.kill(-(pid ?? 0), 0);
    return false;
  } catch {
    return true;
  }
};

const bigCache = (home: string): string => {
  const unit = join(home, '.cache/pip-tools/pkgs');
  for (let dir = 0; dir < 150; dir += 1) {
    write(unit, Object.fromEntries(Array.from({ length: 200 }, (_, file) => [`${dir}/${file}`, 'x'])));
  }
  return unit;
};

describe.runIf(onLinux)('serve, stopped', () => {
  it.each([
    [['SIGINT']],
    [['SIGTERM']],
    [['SIGHUP']],
    // As a terminal, npm and the launcher do together.
    [['SIGINT', 'SIGINT', 'SIGINT']],
  ] as const)('by %j ends at once with a page open, in one line, and leaves no process', async (signals) => {
    const running = await serve(newHome());
    const { socket } = await page(running);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const { code, ms, lines } = await stopped(running, ...signals);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(3000);
    expect(lines).toEqual([expect.stringMatching(/^Stopping\. /)]);
    expect(running.said.out).toBe(`${running.url.href}\n`);
    expect(await closed).toBe(1001);
    await expect.poll(gone(running.child.pid)).toBe(true);
  });

  it('during a delete leaves it for the next start, which finishes it unasked', async () => {
    const home = newHome();
    const unit = bigCache(home);
    const running = await serve(home);
    const { until, send, call, socket } = await page(running);
    socket.send(JSON.stringify({ hear: ['operation'] }));
    const { targets } = await call<{ targets: unknown }>('resolve', { text: 'pip-tools/pkgs' });
    const { id: plan } = await call<{ id: string }>('plan', { targets, measure: false });
    send('clear', { plan, evenIfInUse: false, undoWindowMs: 0 });
    await until(
      (message) =>
        'batch' in message &&
        message.news.some(([name, news]) => name === 'operation' && (news as Operation).state === 'deleting'),
    );
    const { code, ms } = await stopped(running, 'SIGINT');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5000);
    await expect.poll(gone(running.child.pid)).toBe(true);
    const rest = () => readdirSync(join(unit, '..'));
    expect(rest()).toEqual([expect.stringContaining('.deleting-')]);

    const next = await serve(home);
    await expect.poll(rest, { timeout: 20_000 }).toEqual([]);
    await stopped(next, 'SIGINT');
    const { operations } = (await inspect(home, ['history', '--json'])).json<{ operations: readonly Operation[] }>();
    expect(operations).toMatchObject([{ state: 'done', door: 'browser', unit: 'pkgs' }]);
  });

  it('with an undo window open leaves the whole copy, which a terminal puts back', async () => {
    const home = newHome();
    const unit = join(home, '.cache/pip-tools/pkgs');
    write(unit, { 'a/b': 'x' });
    const running = await serve(home);
    const { call } = await page(running);
    const { targets } = await call<{ targets: unknown }>('resolve', { text: 'pip-tools/pkgs' });
    const { id: plan } = await call<{ id: string }>('plan', { targets, measure: false });
    const { operations } = await call<{ operations: readonly Operation[] }>('clear', {
      plan,
      evenIfInUse: false,
      undoWindowMs: 600_000,
    });
    expect(existsSync(unit)).toBe(false);
    await stopped(running, 'SIGINT');
    const undone = await inspect(home, ['undo', operations[0]?.id ?? '']);
    expect(undone.code, undone.stderr).toBe(0);
    expect(existsSync(join(unit, 'a/b'))).toBe(true);
  });
});
