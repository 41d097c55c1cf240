import { expect, onTestFinished, test } from 'vitest';
import { ViewThread } from './thread.ts';

interface Api {
  readonly echo: (arg: string) => string;
  readonly die: (arg: number) => void;
}

const script = (body: string): URL =>
  new URL(`data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads'; ${body}`)}`);

/** A thread that echoes, ends when it is told to, and says nothing to what it does not know. */
const echoing = script(`
  parentPort.on('message', ({ id, name, arg }) => {
    if (name === 'die') process.exit(arg);
    if (arg === 'wrong') parentPort.postMessage({ type: 'failed', id, error: { code: 'io', message: 'no' } });
    else if (arg !== 'wait') parentPort.postMessage({ type: 'answer', id, value: arg });
    if (arg === 'news') parentPort.postMessage({ type: 'news', news: 7 });
  });
`);

const start = () => {
  const news: number[] = [];
  const lost: string[] = [];
  const thread = new ViewThread<Api, number>(
    echoing,
    (one) => news.push(one),
    ({ message }) => lost.push(message),
  );
  onTestFinished(() => thread.close());
  return { thread, news, lost };
};

test('answers, refuses and tells', async () => {
  const { thread, news } = start();
  expect(await thread.ask('echo', 'news')).toBe('news');
  await expect(thread.ask('echo', 'wrong')).rejects.toMatchObject({ code: 'io', message: 'no' });
  expect(news).toEqual([7]);
});

test('one that dies is told once, and nobody waits for it', async () => {
  const { thread, lost } = start();
  const waiting = thread.ask('echo', 'wait');
  await expect(thread.ask('die', 3)).rejects.toMatchObject({ code: 'view-expired' });
  await expect(waiting).rejects.toMatchObject({ code: 'view-expired' });
  await expect(thread.ask('echo', 'later')).rejects.toMatchObject({
    code: 'view-expired',
    message: expect.stringContaining('Open it again') as string,
  });
  expect(lost).toEqual(['code 3']);
});

test('one that is closed on purpose is not lost', async () => {
  const { thread, lost } = start();
  const waiting = expect(thread.ask('echo', 'wait')).rejects.toMatchObject({ code: 'view-expired' });
  await thread.close();
  await waiting;
  expect(lost).toEqual([]);
});
